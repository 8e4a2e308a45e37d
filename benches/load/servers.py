"""The programs that a load bench starts: the server over a generated newsroom, a bare handler, and wrk. Needs Python 3.9."""

import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
BINARY = TARGET / "release" / "copydesk"
CONNECTIONS = 32
SEED = 1


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def halves():
    """The cores for what answers and those for what asks. Where both share them it is by luck which threads take turns, and a p99 tells that."""
    cores = sorted(os.sched_getaffinity(0))
    half = max(1, len(cores) // 2)
    return cores[:half], cores[half:] or cores


ANSWERING, ASKING = halves()


def share_cores():
    """Has both sides use all cores, as a machine does that nobody told how to part them."""
    global ANSWERING, ASKING
    ANSWERING = ASKING = sorted(os.sched_getaffinity(0))


def on(cores, command):
    return ["taskset", "--cpu-list", ",".join(map(str, cores)), *command]


def built():
    """Builds the bare handler as the server is built, and tells where it is."""
    if not BINARY.exists():
        raise SystemExit(f"{BINARY} is missing: cargo build --release")
    command = ["cargo", "bench", "--locked", "--bench", "bare", "--no-run", "--message-format=json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    made = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return next(one["executable"] for one in made if one.get("target", {}).get("name") == "bare" and one.get("executable"))


def newsroom(folder, articles, database=None):
    """The folder of a generated newsroom, made unless it is there."""
    data = pathlib.Path(folder) / f"newsroom-{articles}"
    whole = data / "whole"
    if whole.exists():
        print(f"using {data} as it is; delete it to have it made again", flush=True)
        return data
    if data.exists():
        raise SystemExit(f"{data} is not whole: delete it")
    began = time.perf_counter()
    command = [BINARY, "generate", "--data", data, "--articles", str(articles), "--seed", str(SEED)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    whole.touch()
    took = time.perf_counter() - began
    print(f"{articles} articles generated in {took:.0f} s, {articles / took:.0f} a second", flush=True)
    return data


class Process:
    """Something that listens on a free port of the loopback until it is stopped, on the cores for what answers."""

    def __init__(self, arguments, env=None, ready="/"):
        self.port = free_port()
        arguments = on(ANSWERING, [str(one).replace("PORT", str(self.port)) for one in arguments])
        self.process = subprocess.Popen(arguments, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(400):
            if self.process.poll() is not None:
                raise SystemExit(f"{arguments} ended: {self.process.stderr.read()}")
            try:
                self.ask("GET", ready)
                return
            except ConnectionError:
                time.sleep(0.05)
        raise SystemExit(f"{arguments} did not answer")

    def ask(self, method, path, body=None, headers=None):
        """Status, headers and bytes of an answer."""
        conn = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            conn.request(method, path, body, headers or {})
            reply = conn.getresponse()
            return reply.status, reply.headers, reply.read()
        finally:
            conn.close()

    def memory(self, what="VmRSS"):
        """Megabytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(what))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Server(Process):
    """The release binary. Its access log is off, its limits are as they come, but for those of one address and one editor, which all of the load is."""

    def __init__(self, data, cache_mb=None, editions_mb=None):
        env = {name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_") and name != "DATABASE_URL"}
        for name, given in ("CACHE_MB", cache_mb), ("EDITIONS_MB", editions_mb):
            if given is not None:
                env[f"COPYDESK_DELIVERY_{name}"] = str(given)
        env |= {f"COPYDESK_LIMITS_{name}": "0" for name in ("MISSES", "SEARCHES", "WRITES")}
        self.login = pathlib.Path(data) / "generated-login.json"
        arguments = [BINARY, "serve", "--data", data, "--listen", "127.0.0.1:PORT", "--log-level", "warn"]
        super().__init__(arguments, env, "/health/ready")
        self.token = None

    def json(self, path):
        status, _, body = self.ask("GET", path)
        assert status == 200, (path, status, body)
        return json.loads(body)

    def desk(self, method, path, body=None, revision=None):
        """Asks as the editor of the newsroom does."""
        if self.token is None:
            headers = {"Content-Type": "application/json"}
            status, _, answer = self.ask("POST", "/api/v1/auth/login", self.login.read_text(), headers)
            assert status == 200, answer
            self.token = json.loads(answer)["access_token"]
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if revision is not None:
            headers["If-Match"] = f'"{revision}"'
        status, _, answer = self.ask(method, path, body if body is None else json.dumps(body), headers)
        assert status < 300, (method, path, status, answer)
        return json.loads(answer)


def takes_cache_key(data):
    """Whether the server knows of a cache of answers."""
    env = dict(os.environ, COPYDESK_DELIVERY_CACHE_MB="0")
    done = subprocess.run([BINARY, "config", "--data", data], env=env, capture_output=True, text=True)
    return done.returncode == 0


class Bare(Process):
    """A handler that has the answer of each path in memory, with these headers besides those that every answer has."""

    def __init__(self, executable, folder, answers, content_type, status=200, headers=()):
        file, head = pathlib.Path(folder) / "bare.json", pathlib.Path(folder) / "bare.head"
        file.write_text(json.dumps(answers))
        own = ("content-length", "content-type", "date")
        head.write_text("".join(f"{name}: {value}\n" for name, value in headers if name.lower() not in own))
        super().__init__([executable, "127.0.0.1:PORT", file, content_type or "text/plain", status, head])


SCRIPT = """
local paths, headers = {%s}, {%s}
local requests, at = {}, 0
init = function(arguments)
  for number, path in ipairs(paths) do requests[number] = wrk.format("GET", path, headers) end
end
request = function()
  at = at %% #requests + 1
  return requests[at]
end
"""


def load(port, paths, seconds, folder, headers=None):
    """Has wrk ask for the paths in turn; requests a second, p50 and p99 in milliseconds, and how many went wrong."""
    pairs = ", ".join(f"[{json.dumps(name)}]={json.dumps(value)}" for name, value in (headers or {}).items())
    script = pathlib.Path(folder) / "paths.lua"
    script.write_text(SCRIPT % (", ".join(json.dumps(path) for path in paths), pairs))
    command = ["wrk", f"-t{len(ASKING)}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", script, f"http://127.0.0.1:{port}"]
    told = subprocess.run(on(ASKING, command), capture_output=True, text=True, timeout=seconds + 60)
    assert told.returncode == 0, told.stderr
    text = told.stdout
    wrong = sum(int(number) for number in re.findall(r"Non-2xx or 3xx responses: (\d+)", text))
    wrong += sum(int(number) for number in re.findall(r"(?:connect|read|write|timeout) (\d+)", text))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    return rate, milliseconds(text, "50%"), milliseconds(text, "99%"), wrong


def milliseconds(text, percentile):
    number, unit = re.search(rf"{percentile}\s+([\d.]+)(us|ms|s|m)\b", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]
