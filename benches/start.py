#!/usr/bin/env python3
"""Measures what an operator feels first: start to first answer, and memory at rest.

    cargo build --release && python3 benches/start.py

Starts the release binary over a database that the demo filled, again and again, and asks for a list of articles until it
is answered 200. Prints the median and the worst of the starts, and the resident memory after a pause and after 1,000
requests. With `--test` it fails where the bounds below do not hold.
"""

import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = ROOT / "target" / "release" / "copydesk"
STARTS = 20
REQUESTS = 1_000
# Milliseconds at the median, and megabytes.
MOST_START, MOST_MEMORY = 100, 40


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port):
    """The status line of a list of articles, or None while nobody listens."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as conn:
            conn.sendall(b"GET /api/v1/articles?limit=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return conn.recv(64).split(b"\r\n")[0]
    except ConnectionError:
        return None


def start(command, data, port):
    """The running server, and the seconds until it answered."""
    began = time.perf_counter()
    server = subprocess.Popen(
        [BINARY, command, "--data", data, "--listen", f"127.0.0.1:{port}", "--log-level", "warn"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while time.perf_counter() - began < 30:
        if (line := ask(port)) is not None:
            assert line.endswith(b"200 OK"), line
            return server, time.perf_counter() - began
        assert server.poll() is None, "the server ended"
        time.sleep(0.0005)
    raise SystemExit("the server did not answer within 30 s")


def stop(server):
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=10) == 0


def resident(server):
    """Megabytes."""
    status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def main():
    with tempfile.TemporaryDirectory() as data:
        port = free_port()
        filled, _ = start("demo", data, port)
        stop(filled)
        seconds = []
        for _ in range(STARTS):
            server, took = start("serve", data, port)
            seconds.append(took * 1000)
            stop(server)
        server, _ = start("serve", data, port)
        time.sleep(3)
        idle = resident(server)
        for _ in range(REQUESTS):
            ask(port)
        busy = resident(server)
        stop(server)
    print(f"start to first 200: median {statistics.median(seconds):.0f} ms, worst of {STARTS} {max(seconds):.0f} ms")
    print(f"resident memory: {idle:.0f} MB at rest, {busy:.0f} MB after {REQUESTS} requests")
    print(f"binary: {os.path.getsize(BINARY) / 1e6:.1f} MB")
    if "--test" in sys.argv:
        assert statistics.median(seconds) <= MOST_START, f"more than {MOST_START} ms"
        assert max(idle, busy) <= MOST_MEMORY, f"more than {MOST_MEMORY} MB"


main()
