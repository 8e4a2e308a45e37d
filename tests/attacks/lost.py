#!/usr/bin/env python3
"""Faults of what a server stands on: disks that fail and fill, clocks that jump, files that are hurt, keys that are gone.

    tests/attacks/lost.py BINARY [--long] [--only NAME] [--faketime LIBRARY]

Each is one function below, whose first line says what must be so. Those with a disk that fails need strace, those with one that
is full the right to mount, and those with a clock libfaketime; the short form leaves out what the machine has not, and says so,
where the long form fails.

Needs Python 3.9. Exits 1 when something is not as it should be.
"""

import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import traceback

from newsroom import ARTICLES, FAKETIME, JSON, PASSWORD, Server, arguments, folder, newsroom, sound

MEDIA = "/api/v1/editor/media"


class Missing(Exception):
    """The machine has not what a fault needs."""


def write(server, headline, size=0):
    body = {"headline": headline, "body": [{"type": "paragraph", "text": [{"text": "x" * 5000}]}] * (size // 5000)}
    return server.ask("POST", ARTICLES, json.dumps(body), JSON)


def kept(server, made):
    """Every acknowledged article is there, as it was."""
    for article, headline in made.items():
        status, _, body = server.ask("GET", f"{ARTICLES}/{article}")
        assert status == 200 and json.loads(body)["headline"] == headline, f"an acknowledged article is lost: {article} {status}"


def plainly(server, *arguments):
    """Starts a server that should not start. What it says, which must be short and no panic."""
    done = subprocess.run([server.binary, *(arguments or ("serve",))], env=server.env, capture_output=True, text=True, timeout=30)
    said = done.stdout + done.stderr
    assert done.returncode not in (0, -6, 101) and said.strip() and "panicked" not in said, f"exit {done.returncode}: {said[-500:]}"
    lines = [line for line in said.strip().splitlines() if '"INFO"' not in line]
    return lines[-1][:200] if lines else ""


def eio(asked):
    """After an fdatasync that fails, nothing is acknowledged that is not there after a restart."""
    if not shutil.which("strace"):
        raise Missing("strace")
    rounds, made, refused, late = 5 if asked.long else 1, 0, 0, 0
    for turn in range(rounds):
        with newsroom(asked.binary) as server:
            acknowledged = {}
            for at in range(20):
                status, _, body = write(server, f"Before {at}")
                assert status == 201
                acknowledged[json.loads(body)["id"]] = f"Before {at}"
            tracer = subprocess.Popen(["strace", "-f", "-q", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e",
                                       f"inject=fdatasync,fsync:error=EIO:when={1 + turn}+", "-p", str(server.process.pid)], stderr=subprocess.DEVNULL)
            time.sleep(1)
            try:
                for at in range(20):
                    status, _, body = write(server, f"After {turn} {at}")
                    if status == 201:
                        acknowledged[json.loads(body)["id"]] = f"After {turn} {at}"
                        late += 1
                    else:
                        assert status in (500, 503, 507) and json.loads(body)["code"], (status, body)
                        refused += 1
                assert server.ask("GET", "/api/v1/articles")[0] == 200, "reads do not go on"
            finally:
                tracer.send_signal(signal.SIGINT)
                tracer.wait()
            assert refused > 0, "no fault was felt"
            server.stop(signal.SIGKILL)
            server.start()
            kept(server, acknowledged)
            assert write(server, "Afterwards")[0] == 201
            server.stop(signal.SIGTERM)
            sound(os.path.join(server.data, "copydesk.sqlite"))
            made += len(acknowledged)
    assert late <= sum(range(rounds)) + rounds, f"{late} writes were acknowledged though their fdatasync failed"
    return f"{made} acknowledged and kept, {refused} refused at {rounds} faults, {late} acknowledged before one was felt"


def full(asked, which):
    """A full disk: 507 and no half states, reads go on, and writes are taken again without a restart."""
    with folder() as own:
        data, small = os.path.join(own, "data"), os.path.join(own, "small")
        os.makedirs(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", small], capture_output=True).returncode:
            raise Missing("the right to mount")
        try:
            os.makedirs(data)
            settings = {}
            if which == "database":
                settings["DATABASE_URL"] = f"sqlite:{small}/copydesk.sqlite"
            else:
                os.symlink(small, os.path.join(data, {"media": "media", "spool": "spool"}[which]))
            with newsroom(asked.binary, data=data, **settings) as server:
                return fill(server, small, which)
        finally:
            subprocess.run(["umount", "-l", small], check=True)


def fill(server, small, which):
    files, articles, statuses = {}, {}, {}
    ballast = os.path.join(small, "ballast")

    def attempt(turn):
        if which == "database":
            status, _, body = write(server, f"Full {turn}", 100_000)
            if status == 201:
                articles[json.loads(body)["id"]] = f"Full {turn}"
        else:
            content = f"%PDF-1.4\n%{turn}".encode().ljust(300_000, b"x") + b"\n%%EOF\n"
            status, _, body = server.ask("POST", MEDIA, content, {"Content-Type": "application/pdf"})
            if status == 201:
                files[json.loads(body)["id"]] = len(content)
        statuses[status] = statuses.get(status, 0) + 1
        return status

    for turn in range(3):
        assert attempt(turn) == 201, statuses
    # Step by step nearer to the last byte, so that each write of it fails once.
    with open(ballast, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            pass
        size = file.tell()
    for step in range(60):
        attempt(100 + step)
        size = max(0, size - 8192)
        os.truncate(ballast, size)
    refused = {status for status in statuses if status >= 400}
    assert refused == {507}, f"answered {statuses}"
    assert server.ask("GET", "/api/v1/articles")[0] == 200 and server.ask("GET", ARTICLES)[0] == 200, "reads do not go on"
    os.remove(ballast)
    assert attempt(1000) == 201, f"writes are not taken again: {statuses}"
    kept(server, articles)
    listed = json.loads(server.ask("GET", MEDIA + "?limit=100")[2])["items"]
    assert {one["id"] for one in listed} == set(files), "records of media are not those that were acknowledged"
    for one in listed:
        status, _, body = server.ask("GET", f"{MEDIA}/{one['id']}")
        assert status == 200 and json.loads(body)["bytes"] == files[one["id"]]
    left = [name for folder_, _, names in os.walk(os.path.join(server.data, "spool"), followlinks=True) for name in names]
    assert which == "database" or not left, f"left behind: {left[:3]}"
    return f"{statuses.get(201, 0)} taken and kept, {statuses.get(507, 0)} answered 507, then taken again"


def full_database(asked):
    return full(asked, "database")


def full_media(asked):
    return full(asked, "media")


def full_spool(asked):
    return full(asked, "spool")


def read_only(asked):
    """A data folder on a disk that cannot be written to: a server says so plainly and does not start, or serves reads alone."""
    with folder() as own:
        data = os.path.join(own, "data")
        os.makedirs(data)
        if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", data], capture_output=True).returncode:
            raise Missing("the right to mount")
        try:
            with newsroom(asked.binary, data=data) as server:
                assert write(server, "Before")[0] == 201
                server.stop(signal.SIGTERM)
                subprocess.run(["mount", "-o", "remount,ro", data], check=True)
                said = plainly(server)
                subprocess.run(["mount", "-o", "remount,rw", data], check=True)
                server.start()
                assert json.loads(server.ask("GET", ARTICLES)[2])["items"], "an article is lost"
            return f"it said: {said}"
        finally:
            subprocess.run(["umount", "-l", data], check=True)


def clock(asked):
    """A clock that jumps a day ahead and back: no 5xx, versions still count, and what is written is kept and in order."""
    if not os.path.exists(asked.faketime):
        raise Missing("libfaketime")
    with folder() as own:
        told = os.path.join(own, "time")

        def jump(by):
            with open(told + ".new", "w") as file:
                file.write(by)
            os.rename(told + ".new", told)
            time.sleep(0.3)

        jump("+0")
        fake = dict(LD_PRELOAD=asked.faketime, FAKETIME_TIMESTAMP_FILE=told, FAKETIME_NO_CACHE="1", FAKETIME_DONT_FAKE_MONOTONIC="1")
        with newsroom(asked.binary, **fake) as server:
            made = {}
            for by in ("+0", "+1d", "+0", "-1d", "+0"):
                jump(by)
                # A token of another day is one that ran out, or is not good yet.
                status, _, body = server.ask("POST", "/api/v1/auth/login", json.dumps({"email": "faults@newsroom.example", "password": PASSWORD}), JSON, token=False)
                assert status == 200, (by, status, body)
                old, server.token = server.token, json.loads(body)["access_token"]
                if by != "+0":
                    status = server.ask("GET", ARTICLES, None, {"Authorization": "Bearer " + old}, token=False)[0]
                    assert status == 401, f"a token of another day is taken at {by}: {status}"
                for at in range(5):
                    status, headers, body = write(server, f"At {by} {at}", 5000)
                    assert status == 201, (by, status, body)
                    article = json.loads(body)["id"]
                    made[article] = f"At {by} {at}"
                    status, _, body = server.ask("POST", f"{ARTICLES}/{article}/actions/publish", None, {"If-Match": headers["ETag"]})
                    assert status == 200, (by, status, body)
                    assert server.ask("GET", f"/api/v1/articles/{article}", token=False)[0] == 200, f"published at {by} and not live"
                seen, cursor = set(), ""
                while cursor is not None:
                    page = json.loads(server.ask("GET", f"/api/v1/articles?limit=3{cursor}", token=False)[2])
                    seen |= {one["id"] for one in page["items"]}
                    cursor = page["next_cursor"] and "&cursor=" + page["next_cursor"]
                assert seen == set(made), f"the list has {len(seen)} of {len(made)} at {by}"
                assert server.ask("GET", "/health/ready")[0] == 200
            kept(server, made)
            return f"{len(made)} articles written and published on three days, all in the list on each"


def tail(asked):
    """A tail of the WAL that is garbage or cut: what was synced before it is there, and the server starts."""
    rounds = 20 if asked.long else 3
    for turn in range(rounds):
        with newsroom(asked.binary) as server:
            made = {}
            for at in range(30):
                status, _, body = write(server, f"Tail {at}")
                assert status == 201
                made[json.loads(body)["id"]] = f"Tail {at}"
            server.stop(signal.SIGKILL)
            wal = os.path.join(server.data, "copydesk.sqlite-wal")
            assert os.path.getsize(wal) > 0, "there is no WAL"
            with open(wal, "ab") as file:
                file.write(os.urandom(37 + turn * 4096))
            server.start()
            kept(server, made)
            # The last frame torn: at most the last write is gone, and nothing is half there.
            last = write(server, "The last")
            server.stop(signal.SIGKILL)
            os.truncate(wal, os.path.getsize(wal) - 100 - turn)
            server.start()
            kept(server, made)
            assert write(server, "Afterwards")[0] == 201 and last[0] == 201
            server.stop(signal.SIGTERM)
            sound(os.path.join(server.data, "copydesk.sqlite"))
    return f"{rounds} tails of garbage and {rounds} torn frames, {rounds * 30} writes kept"


def key(asked):
    """A signing key that is gone: tokens of before are refused and a login gives one that is good, or the server says what is missing."""
    with newsroom(asked.binary) as server:
        old = server.token
        assert write(server, "Before")[0] == 201
        server.stop(signal.SIGTERM)
        shutil.rmtree(os.path.join(server.data, "keys"))
        server.start()
        status, _, _ = server.ask("GET", ARTICLES, None, {"Authorization": "Bearer " + old}, token=False)
        assert status == 401, f"a token of a key that is gone is taken: {status}"
        assert write(server, "After")[0] == 201
        # Gone while it runs: what it holds goes on.
        shutil.rmtree(os.path.join(server.data, "keys"))
        assert write(server, "Still")[0] == 201
        server.stop(signal.SIGTERM)
        server.start()
        assert write(server, "Again")[0] == 201
        server.stop(signal.SIGTERM)
        keys = os.path.join(server.data, "keys")
        for name in os.listdir(keys):
            with open(os.path.join(keys, name), "w") as file:
                file.write("no key")
        return f"tokens of before are 401; of a key that is hurt it said: {plainly(server)}"


def twice(asked):
    """Two servers on one SQLite file: both serve, what one writes the other shows, and nothing is lost."""
    with newsroom(asked.binary) as one:
        two = Server(one.binary, one.data)
        two.env.update(one.env)
        two.start()
        made, wrong, lock = {}, [], threading.Lock()

        def work(mine, other, number):
            try:
                for at in range(100 if asked.long else 15):
                    headline = f"Of {number} {at}"
                    status, headers, body = write(mine, headline, 5000)
                    assert status == 201, (status, body)
                    article = json.loads(body)["id"]
                    status, _, body = other.ask("POST", f"{ARTICLES}/{article}/actions/publish", None, {"If-Match": headers["ETag"]})
                    assert status == 200, (status, body)
                    until = time.monotonic() + 1
                    while mine.ask("GET", f"/api/v1/articles/{article}", token=False)[0] != 200:
                        assert time.monotonic() < until, "not seen after a second"
                    with lock:
                        made[article] = headline
            except Exception as why:
                wrong.append(why)

        try:
            threads = [threading.Thread(target=work, args=((one, two) if at % 2 else (two, one)) + (at,)) for at in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            two.stop(signal.SIGKILL)
        assert not wrong, wrong[0]
        kept(one, made)
        one.stop(signal.SIGTERM)
        sound(os.path.join(one.data, "copydesk.sqlite"))
        return f"{len(made)} articles written at one and published at the other"


def garbage(asked):
    """A database that is none, or is another program's: refused, said plainly, and the file unchanged."""
    told = []
    with newsroom(asked.binary) as server:
        server.stop(signal.SIGTERM)
        path = os.path.join(server.data, "copydesk.sqlite")
        for suffix in ("-wal", "-shm"):
            if os.path.exists(path + suffix):
                os.remove(path + suffix)
        os.rename(path, path + ".good")
        for name in ("text", "another", "newer", "head"):
            if name == "text":
                with open(path, "w") as file:
                    file.write("no database " * 1000)
            elif name == "another":
                os.remove(path)
                with sqlite3.connect(path) as other:
                    other.execute("create table theirs (a)")
                    other.execute("pragma application_id = 12345")
            else:
                shutil.copy(path + ".good", path)
                with open(path, "r+b") as file:
                    if name == "head":
                        file.seek(100)
                        file.write(os.urandom(4000))
                if name == "newer":
                    with sqlite3.connect(path) as other:
                        other.execute("insert into schema_migrations (name) values ('9999-01-01-000000_later')")
            with open(path, "rb") as file:
                before = file.read()
            told.append(f"{name}: {plainly(server)}")
            with open(path, "rb") as file:
                assert file.read() == before, f"{name}: the file was changed"
    return "; ".join(told)


FAULTS = (eio, full_database, full_media, full_spool, read_only, clock, tail, key, twice, garbage)


def main():
    parser = arguments(__doc__)
    parser.add_argument("--only", choices=[one.__name__ for one in FAULTS])
    parser.add_argument("--faketime", default=FAKETIME)
    asked = parser.parse_args()
    passed, failed, missing = 0, 0, 0
    for fault in FAULTS:
        if asked.only not in (None, fault.__name__):
            continue
        began = time.monotonic()
        try:
            told, passed = fault(asked), passed + 1
        except Missing as what:
            told, missing = f"left out: {what} is missing", missing + 1
        except (AssertionError, OSError, http.client.HTTPException, subprocess.TimeoutExpired, SystemExit) as wrong:
            told, failed = f"WRONG: {fault.__doc__} {traceback.extract_tb(wrong.__traceback__)[-1].line}: {wrong}"[:900], failed + 1
        print(f"  {fault.__name__} ({time.monotonic() - began:.0f} s): {told}", flush=True)
    print(f"faults: {passed} as they should be, {failed} wrong, {missing} left out")
    return 1 if failed or (missing and asked.long) else 0


if __name__ == "__main__":
    sys.exit(main())
