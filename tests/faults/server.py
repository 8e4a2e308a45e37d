"""A server that tests of faults start, ask and kill. Needs Python 3.9 and nothing else."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import traceback

PASSWORD = "a password for a test of faults"
EMAIL = "faults@newsroom.example"


@contextlib.contextmanager
def folder():
    """One that is thrown away."""
    made = tempfile.mkdtemp(prefix="copydesk-tests-")
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def sound(file):
    """Whether SQLite finds nothing wrong with a file."""
    with sqlite3.connect(file) as database:
        whole = database.execute("pragma integrity_check").fetchall()
        dangling = database.execute("pragma foreign_key_check").fetchall()
    assert whole == [("ok",)] and not dangling, (file, whole, dangling)


def each(of, checks, only, *asked):
    """Does each of the checks (or one), whatever the one before gave, and tells in one line what they told. The exit code."""
    wrong, told = 0, []
    for name, check in checks.items():
        if only in (None, name):
            try:
                told.append(f"{name}: {check(*asked)}")
            except Exception:
                traceback.print_exc(file=sys.stdout)
                told.append(f"{name}: WRONG")
                wrong += 1
    print(f"{of}: " + "; ".join(told))
    return 1 if wrong else 0


class Server:
    """A server with a folder of its own, on a free port of the loopback, and an editor who is logged in; killed at the end where it still runs."""

    def __init__(self, binary, data, database=None):
        self.binary, self.data = binary, data
        # Everything comes from one address, and as one editor: limits would be what is measured.
        unlimited = {f"COPYDESK_LIMITS_{name}": "0" for name in ("MISSES", "SEARCHES", "WRITES", "LOGINS", "GUESSES")}
        self.env = dict(os.environ, COPYDESK_DATA=data, COPYDESK_LISTEN="127.0.0.1:0", COPYDESK_LOG_FORMAT="json",
                        **unlimited)
        if database:
            self.env["DATABASE_URL"] = database
        self.process = self.address = self.token = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.stop(signal.SIGKILL)

    def hire(self, role="editor"):
        """Makes who logs in; once for a database."""
        self.command("user", "create", "--email", EMAIL, "--name", "Faults", "--role", role, "--password-stdin",
                     text=PASSWORD + "\n")

    def command(self, *arguments, text=None):
        done = subprocess.run([self.binary, *arguments], env=self.env, input=text, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self):
        self.process = subprocess.Popen([self.binary, "serve"], env=self.env, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        line = ""
        for line in self.process.stderr:
            entry = json.loads(line) if line.startswith("{") else {}
            if entry.get("message") == "Serving":
                self.address = entry["address"]
                break
        else:
            raise SystemExit(f"the server did not start: {line.strip()[-300:]}")
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        self.log_in()

    def log_in(self):
        status, _, body = self.ask("POST", "/api/v1/auth/login", json.dumps({"email": EMAIL, "password": PASSWORD}),
                                   {"Content-Type": "application/json"}, token=False)
        assert status == 200, (status, body)
        self.token = json.loads(body)["access_token"]

    def peak(self):
        """The most memory that it ever had, in MB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024

    def stop(self, how):
        self.process.send_signal(how)
        self.process.wait()

    def ask(self, method, path, body=None, headers=None, token=True):
        headers = dict(headers or {})
        if token and path.startswith("/api/"):
            headers["Authorization"] = "Bearer " + self.token
        if not self.address:
            raise ConnectionError("the server is not up yet")
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()
