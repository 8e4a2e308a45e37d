#!/usr/bin/env python3
"""Whoever tries the door: what a refused login tells, how many passwords can be tried however one spells it, and who is kept out.

    tests/attacks/doors.py BINARY [--long] [--only NAME] [--faketime LIBRARY] [--defect]

Each is one function below, whose first line says what must be so. The hour needs libfaketime, by which the server's clock runs
sixty times as fast; the short form leaves it out. With the defect each must fail: a server without limits, where any number of
passwords can be tried; an address for which none is hashed; and an owner who comes from where the account is hammered.

Needs Python 3.9. Exits 1 when something is not as it should be.
"""

import http.client
import json
import os
import random
import statistics
import sys
import threading
import time

from newsroom import FAKETIME, JSON, PASSWORD, arguments, each, hire, newsroom

LOGIN = "/api/v1/auth/login"
WRONG = "not the password of anybody here"
VICTIM = "victim@newsroom.example"
# Those of a server as it comes, which the newsroom of a test has not.
LIMITS = {"COPYDESK_LIMITS_LOGINS": "30", "COPYDESK_LIMITS_GUESSES": "10"}
# What one address, and all together, are given (docs/decisions/0023).
OF_ONE, OF_ALL, AN_HOUR = 10, 20, 30
# The same route for a server that reads addresses loosely, and headers that tell of another client where they are believed.
SPELLINGS = [LOGIN, LOGIN + "/", "/API/V1/auth/login", "//api/v1/auth/login", "/api/v1//auth/login", "/api/v1/auth/%6cogin", "/api/v1/auth%2flogin",
             "/api/v1/./auth/login", "/api/v1/x/../auth/login", LOGIN + "?again=1", LOGIN + "#again", LOGIN + ";a=b", LOGIN + "%20", "/%61pi/v1/auth/login"]
TELLERS = ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Forwarded", "X-Cluster-Client-IP"]


def knock(server, email, password, path=LOGIN, headers=(), source="127.0.0.1"):
    """One try, from an address of the loopback: (status, headers, body)."""
    host, port = server.address.rsplit(":", 1)
    connection = http.client.HTTPConnection(host, int(port), timeout=30, source_address=(source, 0))
    try:
        connection.request("POST", path, json.dumps({"email": email, "password": password}), dict(JSON, **dict(headers)))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def told(answer):
    """All that a client can see of an answer but its own name and the time."""
    status, headers, body = answer
    problem = {key: value for key, value in json.loads(body).items() if key not in ("instance", "request_id")}
    own = {"date", "x-request-id"}
    return status, sorted((name.lower(), value) for name, value in headers.items() if name.lower() not in own), problem


def alike(asked):
    """Whether there is an account, and whether it is disabled, is told by no answer and by no time that one takes."""
    rounds, turn = 200 if asked.long else 40, 0
    with newsroom(asked.binary) as server:
        for name in ("known", "disabled"):
            hire(server, name, "editor")
        server.command("user", "disable", "--email", "disabled@newsroom.example")
        # What is no address at all is refused before any password is hashed, as one of nobody must not be.
        emails = ["known@newsroom.example", "disabled@newsroom.example", "nobody" if asked.defect else "nobody@newsroom.example"]
        took, seen = {email: [] for email in emails}, {}
        # On a machine that does other things one look is not enough; a difference that is real stays.
        while not turn or turn < 5 * rounds and apart(took) > 0.05:
            for turn in range(turn, turn + rounds):
                for email in random.Random(turn).sample(emails, 3):
                    began = time.perf_counter()
                    seen[email] = told(knock(server, email, WRONG))
                    took[email].append(time.perf_counter() - began)
            turn += 1
        assert all(answer == seen[emails[2]] and answer[0] == 401 for answer in seen.values()), seen
        codes = {json.dumps(told(reset(server, email))) for email in emails}
        assert len(codes) == 1, f"a code that is refused tells who has an account: {codes}"
    assert apart(took) <= 0.05, f"medians are {apart(took):.1%} apart: " + str({email: statistics.median(times) for email, times in took.items()})
    return f"{turn} tries of each of three kinds, {statistics.median(took[emails[0]]) * 1000:.1f} ms, medians {apart(took):.1%} apart"


def apart(took):
    """By how much the longest median is longer than the shortest."""
    medians = [statistics.median(times) for times in took.values()]
    return max(medians) / min(medians) - 1


def reset(server, email):
    body = {"email": email, "code": "7GK2M-9QX0T-4BVN8-R3HCE", "new_password": "cormorants over the strait"}
    return server.ask("POST", "/api/v1/auth/reset", json.dumps(body), JSON, token=False)


def looked_at(status):
    """Whether a password was compared with the account's."""
    return status in (200, 401)


def spelled(asked):
    """From one address at most ten passwords of an account are looked at, and from all at most twenty, whatever is written in the request."""
    rng, looked, asks = random.Random(2), {}, 0
    with newsroom(asked.binary, **({} if asked.defect else LIMITS)) as server:
        server.command("user", "create", "--email", VICTIM, "--name", "Victim", "--role", "editor", "--password-stdin", text=PASSWORD + "\n")
        for source in [f"127.0.1.{number}" for number in range(1, 80 if asked.long else 30)]:
            tried = 0
            for turn in range(28):
                email = rng.choice([VICTIM, VICTIM.upper(), f" {VICTIM}", VICTIM.title(), VICTIM + " "])
                headers = {rng.choice(TELLERS): f"for=203.0.113.{turn}" if turn % 2 else f"203.0.113.{turn}"}
                status, _, body = knock(server, email, f"{WRONG} {turn}", SPELLINGS[turn % len(SPELLINGS)], headers, source)
                assert status in (400, 401, 404, 405, 422, 429), (status, body)
                tried, asks = tried + looked_at(status), asks + 1
            assert tried <= OF_ONE, f"{tried} passwords were tried from one address"
            looked[source] = tried
    first, everywhere = looked["127.0.1.1"], sum(looked.values())
    # The third limit gives one more each six minutes, and this takes less than two of them.
    assert first and everywhere <= OF_ALL + 2, f"{everywhere} passwords were tried from {len(looked)} addresses"
    return f"{everywhere} of {asks} tries from {len(looked)} addresses were looked at, {first} of the first"


def kept_out(asked):
    """Whoever hammers an account keeps its owner out neither where they logged in before, nor, from one address, anywhere."""
    with newsroom(asked.binary, **LIMITS) as server:
        server.command("user", "create", "--email", VICTIM, "--name", "Victim", "--role", "editor", "--password-stdin", text=PASSWORD + "\n")
        assert knock(server, VICTIM, PASSWORD, source="127.0.2.1")[0] == 200
        running, hits, wrong = [True], [0, 0], []

        def hammer(sources):
            turn = 0
            while running[0]:
                turn += 1
                try:
                    status = knock(server, VICTIM, WRONG, source=sources[turn % len(sources)])[0]
                except (OSError, http.client.HTTPException) as gone:
                    wrong.append(gone)
                    return
                if not looked_at(status) and status not in (429, 503):
                    wrong.append(status)
                hits[looked_at(status)] += 1

        def owner(sources):
            for source in sources:
                statuses = []
                while len(statuses) < 20:
                    statuses.append(knock(server, VICTIM, PASSWORD, source=source)[0])
                    # Too busy to look is no refusal of the owner.
                    if statuses[-1] != 503:
                        break
                    time.sleep(0.1)
                assert statuses[-1] == 200, f"the owner was kept out at {source}: {statuses}"

        for hammers, owners in ((["127.0.3.1"], ["127.0.2.1", "127.0.2.2", "127.0.2.3"]), ([f"127.0.3.{n}" for n in range(2, 60)], ["127.0.2.1"] * 3)):
            running[0] = True
            threads = [threading.Thread(target=hammer, args=(hammers,)) for _ in range(2)]
            for thread in threads:
                thread.start()
            try:
                until, deadline = hits[0] + 50, time.monotonic() + 60
                while hits[0] < until and sum(hits) < 5000 and not wrong and time.monotonic() < deadline:
                    time.sleep(0.05)
                owner(hammers if asked.defect else owners)
            finally:
                running[0] = False
                for thread in threads:
                    thread.join()
        assert not wrong and hits[0] >= 100, (wrong[:3], hits)
    return f"the owner got in 6 of 6 times during {sum(hits)} tries, of which {hits[1]} were looked at"


def an_hour(asked):
    """In an hour, from wherever one tries, at most thirty passwords of an account are looked at."""
    if not os.path.exists(asked.faketime):
        assert not asked.long, f"{asked.faketime} is missing (Debian's libfaketime)"
        return "left out, no libfaketime"
    if not asked.long:
        return "left out in the short form"
    fast = {"LD_PRELOAD": asked.faketime, "FAKETIME": "+0 x60", "COPYDESK_LIMITS_LOGINS": "0", "COPYDESK_LIMITS_GUESSES": "0" if asked.defect else "10",
            "COPYDESK_HTTP_HEAD_SECONDS": "60"}
    with newsroom(asked.binary, **fast) as server:
        del server.env["LD_PRELOAD"]
        server.command("user", "create", "--email", VICTIM, "--name", "Victim", "--role", "editor", "--password-stdin", text=PASSWORD + "\n")
        tried = asks = 0
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                status = knock(server, VICTIM, WRONG, source=f"127.0.4.{asks % 250 + 1}")[0]
            except (OSError, http.client.HTTPException):
                continue  # a timeout that came sixty times too soon
            tried, asks = tried + looked_at(status), asks + 1
            time.sleep(0.02)
    assert OF_ALL < tried <= AN_HOUR + 1, f"{tried} of {asks} tries were looked at in an hour"
    return f"{tried} of {asks} tries in an hour from 250 addresses were looked at"


DOORS = {door.__name__: door for door in (alike, spelled, kept_out, an_hour)}


def main():
    parser = arguments(__doc__)
    parser.add_argument("--only", choices=DOORS)
    parser.add_argument("--faketime", default=FAKETIME)
    parser.add_argument("--defect", action="store_true", help="see above; each must fail")
    asked = parser.parse_args()
    return each("doors", DOORS, asked.only, asked)


if __name__ == "__main__":
    sys.exit(main())
