#!/usr/bin/env python3
"""The API against its own document, by schemathesis: all its checks and phases, as nobody and in each role.

    tests/attacks/schema.py BINARY [--long] [--st PROGRAM] [--examples N] [--seeds N] [--as ROLE] [--report FOLDER]

The demo's newsroom is filled, copied for each run, and served; schemathesis makes requests from the document that the server
gives out, those that fit it and those that do not. No answer may be a 5xx, have a status or a body that is not in the document,
take what the document refuses, or refuse what it takes but for the reasons in schema_hooks.py. Who is left out and why stands
in SETTINGS below. The long form takes two people of each role and three seeds. As many runs go on at once as there are
processors, each with a server of its own.

Needs Python 3.9 and schemathesis 4.32. Exits 1 when something is not as it should be.
"""

import concurrent.futures
import json
import os
import re
import shutil
import signal
import subprocess
import sys

from newsroom import PASSWORD, arguments, folder, hire, memory, newsroom

ROLES = ("none", "contributor", "editor", "admin")
SETTINGS = """
[checks]
# `refused_for_a_reason` of schema_hooks.py is in its place.
positive_data_acceptance.enabled = false
# A missing If-Match is a 428 (RFC 6585), and a missing Tus-Resumable a 412, as tus has it.
missing_required_header.expected-statuses = ["400", "401", "403", "404", "406", "409", "412", "414", "415", "422", "428", "431"]
# The bound on bytes comes before the bound on items.
negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "414", "415", "416", "422", "428", "431"]

# These paths are also what another one, with a parameter in this place, has methods for.
[[operations]]
include-path = "/api/v1/editor/articles/{id}/related/suggestions"
checks.unsupported_method.enabled = false

[[operations]]
include-path = "/api/v1/editor/media/uploads"
checks.unsupported_method.enabled = false
"""


def demo(binary, data):
    """Fills a folder with the demo's newsroom."""
    unlimited = {f"COPYDESK_LIMITS_{name}": "0" for name in ("MISSES", "SEARCHES", "WRITES", "LOGINS", "GUESSES")}
    env = dict(os.environ, COPYDESK_LOG_FORMAT="json", **unlimited)
    process = subprocess.Popen([binary, "demo", "--data", data, "--listen", "127.0.0.1:0"], env=env, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if '"Serving"' in line:
            break
    process.send_signal(signal.SIGTERM)
    process.stderr.read()
    assert process.wait() == 0, "the demo was not made"


def ask(asked, filled, role, seed, who):
    """One run. How many requests were made, and how many failures were found."""
    with folder() as own:
        data = os.path.join(own, "data")
        shutil.copytree(filled, data)
        with open(os.path.join(own, "schemathesis.toml"), "w") as file:
            file.write(SETTINGS)
        with newsroom(asked.binary, data=data) as server:
            env = dict(os.environ, SCHEMATHESIS_HOOKS="schema_hooks", PYTHONPATH=os.path.dirname(os.path.abspath(__file__)))
            if role != "none":
                token = hire(server, who, role)
                hire(server, f"{who}-spare", role)
                spare = {"email": f"{who}-spare@newsroom.example", "password": PASSWORD}
                env["SCHEMA_ASKS"] = json.dumps({"address": server.address, "token": token, "spare": spare})
            command = [asked.st, "run", f"http://{server.address}/openapi.json", "-n", str(asked.examples), "--seed", str(seed),
                       "--continue-on-failure", "--no-color",
                       "--warnings", "off", "--phases", "examples,coverage,fuzzing,stateful", "--request-timeout", "10"]
            if not asked.long:
                command.append("--no-shrink")
            bound = 900 if asked.examples < 50 else 3600
            try:
                done = subprocess.run(command, cwd=own, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=bound)
            except subprocess.TimeoutExpired:
                print(f"  {who}, seed {seed}: not done after {bound} s", flush=True)
                return 0, 1
            alive = server.process.poll() is None
            left = memory(server) if alive else 0
    if asked.report:
        with open(os.path.join(asked.report, f"{who}-{seed}.txt"), "w") as file:
            file.write(done.stdout + done.stderr)
    summary = done.stdout[done.stdout.rfind("SUMMARY"):]
    cases = re.search(r"(\d+) generated", summary)
    failures = [line.strip() for line in summary.splitlines() if line.strip().startswith(("❌ ST", "🚫"))
                and re.search(r": \d+$", line.strip())]
    told = f"  {who}, seed {seed}: {cases.group(1) if cases else 0} requests, " + ("none failed" if done.returncode == 0 else "; ".join(failures) or done.stdout[-500:])
    print(f"{told}; memory {left:.0f} MiB" + ("" if alive else "; the server died"), flush=True)
    return int(cases.group(1)) if cases else 0, (0 if done.returncode == 0 and alive and cases else 1)


def main():
    parser = arguments(__doc__)
    parser.add_argument("--st", default="st", help="the program of schemathesis")
    parser.add_argument("--examples", type=int, help="requests of each operation in the phase of fuzzing")
    parser.add_argument("--seeds", type=int, help="runs of each person, each of other requests")
    parser.add_argument("--as", dest="role", choices=ROLES)
    parser.add_argument("--report", help="a folder for the whole of what schemathesis tells")
    asked = parser.parse_args()
    asked.examples = asked.examples or (200 if asked.long else 4)
    asked.seeds = asked.seeds or (3 if asked.long else 1)
    asked.st = shutil.which(asked.st) and os.path.abspath(shutil.which(asked.st))
    if not asked.st:
        raise SystemExit("schemathesis is missing: pip install schemathesis==4.32.5")
    requests = wrong = runs = 0
    with folder() as own, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        filled = os.path.join(own, "demo")
        demo(asked.binary, filled)
        turns = []
        for role in [asked.role] if asked.role else ROLES:
            people = [role] if role == "none" or not asked.long else [f"{role}-one", f"{role}-two"]
            turns += [pool.submit(ask, asked, filled, role, seed, who) for who in people for seed in range(1, asked.seeds + 1)]
        for turn in turns:
            made, failed = turn.result()
            requests, wrong, runs = requests + made, wrong + failed, runs + 1
    print(f"schema: {requests} requests in {runs} runs, {wrong} runs with failures")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
