#!/usr/bin/env python3
"""A PostgreSQL that is killed, and a standby that takes its place, while editors write.

    tests/faults/failover.py BINARY [--long] [--only NAME] [--defect asynchronous] [--postgres FOLDER]

A primary and a standby that follows it, of its own, and a server that is told of both (`HOST:PORT,HOST:PORT` and
`target_session_attrs=read-write`). Eight writers make and publish articles, and readers read. The primary and all its processes
are sent SIGKILL; the standby is promoted, and told that it has no standby itself (docs/operations.md). The server is not
started again. Each is one function below, whose first line says what must be so.

The defect is a standby that does not follow while nobody waits for it: what is said of synchronous ones must fail then.

Needs Python 3.9, PostgreSQL 15 and root (PostgreSQL runs as its own user). Exits 1 when something is not as it should be.
"""

import argparse
import contextlib
import http.client
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
import threading
import time

from server import Server, each, folder
from writes import ARTICLES, JSON, fields, mark_of

WRITERS = 8
AGAIN = 10.0  # seconds from the promotion to the first write


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Postgres:
    """One PostgreSQL, in a folder of its own."""

    def __init__(self, bin, place):
        self.bin, self.place, self.port, self.process = bin, place, free_port(), None

    def run(self, *command):
        done = subprocess.run([os.path.join(self.bin, command[0]), *command[1:]], cwd="/", capture_output=True, text=True, **user())
        if done.returncode != 0:
            raise SystemExit(f"{command}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def sql(self, *statements):
        each = [part for one in statements for part in ("-c", one)]
        return self.run("psql", "-XqAt", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", *each)

    def make(self):
        self.run("initdb", "-D", self.place, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()

    def follow(self, primary):
        self.run("pg_basebackup", "-D", self.place, "-R", "-c", "fast", "--no-sync",
                 "-d", f"host=127.0.0.1 port={primary.port} user=postgres application_name=standby")
        self.start()

    def start(self):
        # No fsync: a process is killed here, not a machine, and the standby has its own copy.
        with open(self.place + ".log", "a") as log:
            self.process = subprocess.Popen([os.path.join(self.bin, "postgres"), "-D", self.place, "-p", str(self.port), "-c", "listen_addresses=127.0.0.1",
                                             "-c", f"unix_socket_directories={os.path.dirname(self.place)}", "-c", "max_connections=100", "-c", "fsync=off"],
                                            cwd="/", stdout=log, stderr=log, **user())
        wait(lambda: self.answers(), 30, "PostgreSQL does not start")

    def answers(self):
        return subprocess.run([os.path.join(self.bin, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode == 0

    def kill(self):
        """All of its processes at once: stopped first, so that none sees another die and does something about it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGSTOP)
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as children:
            pids = [int(pid) for pid in children.read().split()]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()


def user():
    """PostgreSQL does not run as root."""
    if os.getuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def wait(done, seconds, why):
    """Until it is so; how long that took."""
    began = time.monotonic()
    while not done():
        assert time.monotonic() - began < seconds, f"{why} within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - began


@contextlib.contextmanager
def cluster(bin, synchronous):
    """A primary and its standby, which inherits all that the primary is told."""
    with folder() as own:
        if os.getuid() == 0:
            os.chown(own, pwd.getpwnam("postgres").pw_uid, -1)
        primary, standby = (Postgres(bin, os.path.join(own, name)) for name in ("primary", "standby"))
        try:
            primary.make()
            if synchronous:
                primary.sql("alter system set synchronous_standby_names = 'standby'")
            standby.follow(primary)
            primary.sql("select pg_reload_conf()")
            wanted = "sync" if synchronous else "async"
            wait(lambda: primary.sql("select sync_state from pg_stat_replication where state = 'streaming'") == wanted, 20, "the standby does not follow")
            yield primary, standby
        finally:
            primary.kill()
            standby.kill()


class Said:
    """What answers said while nothing could be written, and what was wrong with them."""

    def __init__(self):
        self.refused, self.wrong, self.lock = {}, [], threading.Lock()

    def refusal(self, what, status, headers, body):
        """Has to be a problem of ours, of a class that says that it is not the client's fault."""
        with self.lock:
            try:
                code = json.loads(body)["code"]
                assert status >= 500 and headers["Content-Type"] == "application/problem+json"
                self.refused[f"{status} {code}"] = self.refused.get(f"{status} {code}", 0) + 1
            except (ValueError, KeyError, AssertionError):
                self.wrong.append(f"{what}: {status} {body[:200]}")


class Client(threading.Thread):
    """Asks until it is told to end."""

    def __init__(self, number, server, said, running):
        super().__init__(daemon=True)
        self.number, self.server, self.said, self.running = number, server, said, running

    def run(self):
        turn = 0
        while self.running.is_set():
            turn += 1
            try:
                pause = self.once(turn)
            except (OSError, http.client.HTTPException) as gone:
                # The server itself is never killed: it has to answer.
                self.said.wrong.append(f"no answer: {gone!r}")
                pause = 0.2
            except Exception as wrong:  # told by the main thread
                self.said.wrong.append(repr(wrong))
                return
            time.sleep(pause)


class Writer(Client):
    """Makes articles, publishes them, and remembers what was acknowledged, and when."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.made, self.published, self.times = {}, set(), []

    def once(self, turn):
        mark = self.number * 1_000_000 + turn
        status, headers, body = self.server.ask("POST", ARTICLES, json.dumps(fields(mark)), JSON)
        if status != 201:
            self.said.refusal("make", status, headers, body)
            return 0.1
        article = json.loads(body)
        self.made[article["id"]] = mark
        self.times.append(time.monotonic())
        status, headers, body = self.server.ask("POST", f"{ARTICLES}/{article['id']}/actions/publish", None, {"If-Match": headers["ETag"]})
        if status == 200:
            self.published.add(article["id"])
            self.times.append(time.monotonic())
        # One that nobody waited for may be gone by the time that it is published.
        elif status != 404:
            self.said.refusal("publish", status, headers, body)
        return 0


class Reader(Client):
    """Reads what is asked for all the time, and so is kept ready."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.read = 0

    def once(self, turn):
        status, headers, body = self.server.ask("GET", "/api/v1/articles?limit=5", token=False)
        if status == 200:
            assert "items" in json.loads(body)
            self.read += 1
        else:
            self.said.refusal("read", status, headers, body)
        return 0.05


class Desk:
    """A server, and who writes and reads."""

    def __init__(self, asked, own, primary, standby):
        url = f"postgres://postgres@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/postgres?target_session_attrs=read-write"
        self.server, self.said, self.running = Server(asked.binary, own, url), Said(), threading.Event()
        self.server.env["COPYDESK_AUTH_ACCESS_TOKEN_SECONDS"] = "3600"
        if not asked.long:
            # Who waits for a database that is gone is told so sooner.
            self.server.env["COPYDESK_DATABASE_BUSY_TIMEOUT_MS"] = "1000"
        self.running.set()
        self.writers = [Writer(number, self.server, self.said, self.running) for number in range(1, WRITERS + 1)]
        self.reader = Reader(0, self.server, self.said, self.running)

    def __enter__(self):
        self.server.hire()
        self.server.start()
        for one in [*self.writers, self.reader]:
            one.start()
        return self

    def __exit__(self, *_):
        self.end()
        self.server.__exit__()

    def end(self):
        self.running.clear()
        for one in [*self.writers, self.reader]:
            one.join(60)

    def count(self, since=0.0):
        """What was acknowledged."""
        return sum(1 for one in self.writers for moment in list(one.times) if moment > since)

    def lost(self):
        """How many of the acknowledged are not there, or not whole. What is not there is not shown to readers, either."""
        lost = 0
        for writer in self.writers:
            for article, mark in writer.made.items():
                status, _, body = self.server.ask("GET", f"{ARTICLES}/{article}")
                public, _, shown = self.server.ask("GET", f"/api/v1/articles/{article}", token=False)
                if status == 404:
                    assert public == 404, f"readers are shown {article}, which is not there"
                    lost += 1 + (article in writer.published)
                    continue
                assert status == 200 and mark_of(json.loads(body)) == mark, f"{article} is not as it was acknowledged: {status} {body}"
                if public == 200:
                    assert mark_of(json.loads(shown)) == mark, f"{article} is not shown as it was acknowledged"
                elif article in writer.published:
                    lost += 1
        return lost


def fail_over(desk, primary, standby, inherited):
    """Kills the one and promotes the other. How long it took from then until a write was acknowledged, and what was written meanwhile."""
    primary.kill()
    killed = time.monotonic()
    # What was acknowledged before the signal may come in a moment after it, and be seen later still by a client on a busy machine.
    time.sleep(1.5)
    status, _, body = desk.server.ask("GET", "/health/ready", token=False)
    assert status == 503, f"without a database it says that it is ready: {status} {body}"
    assert desk.server.ask("GET", "/health/live", token=False)[0] == 200
    time.sleep(1.5)
    between = desk.count(killed + 1.5)
    assert not between, f"{between} writes were acknowledged while nothing could be written"
    promoted = time.monotonic()
    standby.run("pg_ctl", "promote", "-D", standby.place, "-w", "-s")
    if inherited:
        # What it inherited has it wait for a standby that it has not.
        standby.sql("alter system reset synchronous_standby_names", "select pg_reload_conf()")
    wait(lambda: desk.count(promoted), AGAIN, "nothing is written again")
    took = time.monotonic() - promoted
    more = desk.count(promoted) + 100
    wait(lambda: desk.count(promoted) >= more, 30, "little is written")
    wait(lambda: desk.server.ask("GET", "/health/ready", token=False)[0] == 200, 10, "it does not say that it is ready")
    return took


def once(asked, synchronous, writes, before=lambda desk, primary, standby: None):
    """One failover after so many acknowledged writes: acknowledged, lost, seconds until a write, refusals."""
    with cluster(asked.postgres, synchronous) as (primary, standby), folder() as own, Desk(asked, own, primary, standby) as desk:
        wait(lambda: desk.count() >= writes or desk.said.wrong, 600, "it takes for ever")
        before(desk, primary, standby)
        took = fail_over(desk, primary, standby, synchronous)
        desk.end()
        assert not desk.said.wrong, desk.said.wrong[:5]
        assert desk.said.refused, "nothing was refused: was the database gone?"
        return desk.count(), desk.lost(), took, desk.said.refused


def stop_following(desk, primary, standby):
    """The standby hears nothing of a last second."""
    standby.sql("alter system set primary_conninfo = ''", "select pg_reload_conf()")
    wait(lambda: primary.sql("select count(*) from pg_stat_replication") == "0", 10, "the standby still follows")
    time.sleep(1)


def several(asked, synchronous, rounds, writes, before=lambda desk, primary, standby: None):
    acknowledged, lost, slowest, refused = 0, 0, 0.0, {}
    for _ in range(rounds):
        done, gone, took, said = once(asked, synchronous, writes, before)
        acknowledged, lost, slowest = acknowledged + done, lost + gone, max(slowest, took)
        for what, count in said.items():
            refused[what] = refused.get(what, 0) + count
    told = ", ".join(f"{count} x {what}" for what, count in sorted(refused.items()))
    return lost, f"{lost} of {acknowledged} lost in {rounds} failovers, written again within {slowest:.1f} s; meanwhile {told}"


def synchronous(asked):
    """Nothing that was acknowledged is lost, and writes go on within ten seconds of the promotion; meanwhile all are told so."""
    rounds, writes = (5, 2000) if asked.long else (1, 300)
    defect = asked.defect == "asynchronous"
    lost, told = several(asked, not defect, rounds, writes, *([stop_following] if defect else []))
    assert not lost, told
    return told


def asynchronous(asked):
    """What a standby had not heard of yet is lost, and how much is told; readers see none of it, all else is whole, and writes go on as soon."""
    rounds, writes = (2, 1000) if asked.long else (1, 300)
    followed = several(asked, False, rounds, writes)[1] + "; " if asked.long else ""
    return f"{followed}a second behind {several(asked, False, rounds, writes, stop_following)[1]}"


def severed(asked):
    """While a synchronous standby does not follow nothing is acknowledged, however long it takes, and so nothing is lost with the primary."""
    if not asked.long and asked.only != "severed":
        return "left out in the short form"
    acknowledged = []

    def sever(desk, primary, standby):
        stop_following(desk, primary, standby)
        began = time.monotonic()
        # Longer than any wait of the server's own.
        time.sleep(25)
        acknowledged.append(desk.count(began))

    lost, told = several(asked, asked.defect is None, 1, 300, sever)
    assert not lost and not acknowledged[0], f"{acknowledged[0]} acknowledged although the standby had none of it; {told}"
    return told


CASES = {case.__name__: case for case in (synchronous, asynchronous, severed)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--long", action="store_true", help="10,000 acknowledged writes, and more failovers")
    parser.add_argument("--only", choices=CASES)
    parser.add_argument("--defect", choices=["asynchronous"], help="a standby that nobody waits for, and that does not follow")
    parser.add_argument("--postgres", default="/usr/lib/postgresql/15/bin", help="the folder of PostgreSQL's programs")
    asked = parser.parse_args()
    return each("failover", CASES, asked.only, asked)


if __name__ == "__main__":
    sys.exit(main())
