"""What the attacks share: a newsroom in a folder that is thrown away, people of each role, and requests as bytes."""

import argparse
import contextlib
import json
import os
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "faults"))
from server import EMAIL, PASSWORD, Server, each, folder, sound  # noqa: E402  (the tests of faults and of attacks share it)

JSON = {"Content-Type": "application/json"}
ARTICLES = "/api/v1/editor/articles"
# By which the clock of one process is another; Debian's libfaketime.
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


def arguments(doc):
    """The binary, and whether to take the long form."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--long", action="store_true", help="many more rounds")
    return parser


@contextlib.contextmanager
def newsroom(binary, articles=0, data=None, role="editor", **settings):
    """A server at work, with `settings` as its variables; stopped and thrown away at the end."""
    with folder() as own, Server(binary, data or own) as server:
        server.env.update(COPYDESK_AUTH_ACCESS_TOKEN_SECONDS="3600", **settings)
        if articles:
            server.command("generate", "--articles", str(articles))
        server.hire(role)
        server.start()
        yield server


def hire(server, name, role):
    """Another person, and the token that they got."""
    email = f"{name}@newsroom.example"
    server.command("user", "create", "--email", email, "--name", name, "--role", role, "--password-stdin", text=PASSWORD + "\n")
    status, _, body = server.ask("POST", "/api/v1/auth/login", json.dumps({"email": email, "password": PASSWORD}), JSON, token=False)
    assert status == 200, body
    return json.loads(body)["access_token"]


def memory(server):
    """What the server has in memory now, in MiB."""
    with open(f"/proc/{server.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def connect(address, timeout=10.0):
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=timeout)


class Answers:
    """Answers off a connection, one after another. `next` is None once the server hung up, and raises when nothing comes."""

    def __init__(self, connection):
        self.connection, self.kept, self.ended = connection, b"", False

    def more(self, until):
        if self.ended:
            return False
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer and no end")
        self.connection.settimeout(left)
        try:
            got = self.connection.recv(65536)
        except ConnectionError:
            got = b""
        self.ended = not got
        self.kept += got
        return bool(got)

    def take(self, size, until):
        while len(self.kept) < size:
            if not self.more(until):
                return None
        taken, self.kept = self.kept[:size], self.kept[size:]
        return taken

    def line(self, end, until):
        while end not in self.kept:
            if not self.more(until):
                return None
        taken, self.kept = self.kept.split(end, 1)
        return taken

    def next(self, seconds=5.0, method="GET"):
        """(status, headers, body), or None."""
        until = time.monotonic() + seconds
        head = self.line(b"\r\n\r\n", until)
        if head is None:
            assert not self.kept, f"half an answer: {self.kept[:200]}"
            return None
        lines = head.decode("latin-1").split("\r\n")
        assert lines[0].startswith("HTTP/1."), f"no status line: {lines[0][:100]}"
        status = int(lines[0].split(" ")[1])
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:])}
        if status < 200 or status in (204, 304) or method == "HEAD":
            return status, headers, b""
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while True:
                size = self.line(b"\r\n", until)
                assert size is not None, "half a body"
                chunk = self.take(int(size, 16) + 2, until)
                assert chunk is not None, "half a body"
                if len(chunk) == 2:
                    return status, headers, body
                body += chunk[:-2]
        body = self.take(int(headers.get("content-length", 0)), until)
        assert body is not None, "half a body"
        return status, headers, body
