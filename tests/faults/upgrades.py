#!/usr/bin/env python3
"""Databases of older and of newer versions: what interrupts a migration, who else starts meanwhile, and what is not known yet.

    tests/faults/upgrades.py BINARY [--long] [--only killed|cut|two|newer] [--defect half|lost|syncs|lock|known] [--seed N]

Each begins with a database as the first version made it, with articles of which half are published.

Killed: `migrate`, which does what a server does first of all, is sent SIGKILL as it is about to make its first, second, … write, and
sometimes who tries again is, too. A server that starts next must finish alone, with nothing done by hand: every migration is recorded once, every table has as many rows as after an upgrade that
nothing interrupted, every article says the same to editors and to readers, and SQLite finds its file sound. The long form does so at
every write.

Cut: the same, where the power is cut at any call of a migration, by the model of `disk.py`: with only what was made sure of, and
with some of the rest.

Two: two servers start on the database at once. One migrates it, both serve, neither answers 5xx, and the outcome is as above.

Newer: the database has run a migration that this version does not know, in its file or only in its log as a server leaves it that
was killed. Every command that would work with it says so and ends, and no byte of file or log is changed. (`backup` may copy it.)

Defects, of which each must make it fail: `half` leaves half a migration behind where a server was killed, `lost` an article less,
`syncs` has no sync of the log count where the power is cut, `lock` has the lock of the database keep nobody out, and `known` leaves out the migration that is not known.

Needs Python 3.9 and strace. Exits 1 when something is not as it should be.
"""

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time

from disk import Disk, tracing, wait_for_end
from server import EMAIL, Server, folder, sound

MIGRATIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "migrations", "sqlite")
FIRST, *LATER = sorted(os.listdir(MIGRATIONS))
UNKNOWN = "2999-01-01-000000_of_tomorrow"
FILE = "copydesk.sqlite"
ARTICLES = 24
# Written when a server starts, or with the time of its start.
BY_TIME = ("jobs", "sessions", "audit")

DEFECTS = {"syncs": lambda path, is_folder: path.endswith(FILE + "-wal")}


def up(name):
    with open(os.path.join(MIGRATIONS, name, "up.sql")) as file:
        return file.read()


def key(number):
    return b"\x01\x8f" + bytes(4) + b"\x70\0\x80" + number.to_bytes(7, "big")


def text_key(number):
    text = key(number).hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def insert(database, table, **row):
    marks = ", ".join("?" * len(row))
    database.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def build(binary, own):
    """A database of the first version, in a folder of its own."""
    with Server(binary, os.path.join(own, "hired")) as server:
        server.hire()
        with contextlib.closing(sqlite3.connect(os.path.join(server.data, FILE))) as database:
            password = database.execute("select password_hash from users").fetchone()[0]
    place = os.path.join(own, "old")
    os.mkdir(place)
    with contextlib.closing(sqlite3.connect(os.path.join(place, FILE))) as database:
        database.executescript("pragma application_id = 0x4364736b; pragma journal_mode = wal;" + up(FIRST))
        database.execute("create table schema_migrations (name text not null constraint schema_migrations_pkey primary key, "
                         "applied_at integer not null default 0) strict")
        insert(database, "schema_migrations", name=FIRST)
        insert(database, "users", id=key(1), email=EMAIL, name="Faults", role="editor", password_hash=password, created_at=10**15)
        for number in range(ARTICLES):
            write(database, number)
        database.commit()
    return place


def write(database, number):
    """An article; of each two one was published twice and is live."""
    at, words = 10**15 + number * 10**6, f"The ferry number {number} sails at dawn. " * (number + 1)
    body = json.dumps([{"type": "paragraph", "id": "p", "text": [{"text": words}]}])
    live, moment = number % 2, time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(at // 10**6))
    insert(database, "articles", id=key(100 + number), short_id=f"{number:08}", status="published" if live else "draft", revision=2,
           live_revision=2 if live else None, kind="news", locale="en", slug=f"ferry-{number}", headline=f"Ferry {number}", body=body,
           word_count=len(words.split()), custom="{}", created_at=at, created_by=key(1), updated_at=at, updated_by=key(1),
           first_published_at=at if live else None, published_at=at if live else None)
    for revision in (1, 2) if live else ():
        path = f"/2001/09/09/ferry-{number}-v{revision}-{number:08}"
        summary = {"id": text_key(100 + number), "short_id": f"{number:08}", "kind": "news", "locale": "en", "headline": f"Ferry {number}",
                   "deck": None, "byline": {"text": "From us", "overridden": True, "contributors": []}, "slug": f"ferry-{number}",
                   "path": path, "custom": {}, "word_count": len(words.split()), "reading_minutes": 1,
                   "first_published_at": moment, "published_at": moment, "updated_at": moment}
        insert(database, "editions", id=key(1000 + 10 * number + revision), article_id=key(100 + number), revision=revision,
               short_id=f"{number:08}", slug=f"ferry-{number}", locale="en", kind="news", path=path, published_at=at,
               live_from=at + revision, live_until=at + 2 if revision == 1 else None, summary=json.dumps(summary), body=body)


def outcome(server):
    """What must be the same however an upgrade went, of a server at work: what it answers, and how much it keeps."""
    told = {}
    for number in range(ARTICLES):
        one = text_key(100 + number)
        for path in (f"/api/v1/editor/articles/{one}", f"/api/v1/editor/articles/{one}/revisions", f"/api/v1/articles/{one}"):
            status, _, body = server.ask("GET", path)
            told[path] = status, json.loads(body) if status == 200 else None
    for path in ("/api/v1/articles?limit=100", "/api/v1/search?q=ferry&limit=100"):
        status, _, body = server.ask("GET", path)
        assert status == 200, (path, status, body)
        told[path] = sorted(one["id"] if "id" in one else one["article"]["id"] for one in json.loads(body)["items"])
        assert len(told[path]) == ARTICLES // 2, f"{path} has {len(told[path])}"
    server.stop(signal.SIGTERM)
    file = os.path.join(server.data, FILE)
    sound(file)
    with contextlib.closing(sqlite3.connect(file)) as database:
        applied = [name for name, in database.execute("select name from schema_migrations order by name")]
        assert applied == [FIRST, *LATER], f"migrations are recorded as {applied}"
        tables = [name for name, in database.execute("select name from sqlite_schema where type = 'table' order by name")]
        for table in tables:
            # The index of words is one that older libraries cannot read; what is found by it was asked above.
            if not table.startswith(("sqlite_", "search_words")) and table not in BY_TIME:
                told["rows of " + table] = database.execute(f"select count(*) from {table}").fetchone()
    return told


def same(told, wanted):
    other = [what for what in {**told, **wanted} if told.get(what) != wanted.get(what)]
    assert not other, f"{len(other)} are other than after an upgrade that nothing interrupted: {other[0]} is {str(told.get(other[0]))[:200]}"


class Upgrades:
    def __init__(self, asked, own):
        self.asked, self.own, self.rng = asked, own, random.Random(asked.seed)
        self.old = build(asked.binary, own)
        with self.copied() as server:
            server.start()
            self.wanted = outcome(server)
        for number in range(ARTICLES):
            path = f"/api/v1/editor/articles/{text_key(100 + number)}"
            status, article = self.wanted[path]
            assert status == 200 and article["headline"] == f"Ferry {number}", (path, status)
            assert (self.wanted[path.replace("/editor", "")][0] == 200) == (number % 2 == 1), path

    @contextlib.contextmanager
    def copied(self, binary=None):
        """A server that has yet to start, on a copy of the old database."""
        with folder() as own:
            place = os.path.join(own, "data")
            shutil.copytree(self.old, place)
            with Server(binary or self.asked.binary, place) as server:
                yield server

    # Killed.

    def killed(self):
        with self.copied() as server:
            total = self.traced(server, None)
        at = range(1, total + 1) if self.asked.long else sorted(self.rng.sample(range(1, total + 1), 6))
        twice = 0
        for number in at:
            with self.copied() as server:
                assert self.traced(server, number), f"nothing was killed at write {number} of {total}"
                if number % 3 == 0:
                    twice += bool(self.traced(server, self.rng.randrange(1, 80)))
                self.hurt(server)
                self.finishes(server, f"killed at write {number}")
        return f"killed at {len(at)} of {total} writes, {twice} twice"

    def traced(self, server, at):
        """Migrates; killed at a write, or whole where `at` is None. Whether it was killed, or how many writes there were."""
        log = os.path.join(self.own, "writes")
        inject = ["-e", f"inject=pwrite64:signal=SIGKILL:when={at}"] if at else []
        done = subprocess.run(["strace", "-f", "-q", "-e", "trace=pwrite64", "-s", "0", "-o", log, *inject, server.binary, "migrate"],
                              env=server.env, capture_output=True, timeout=60)
        if at:
            return done.returncode == -signal.SIGKILL
        assert done.returncode == 0, done
        with open(log) as lines:
            return sum("pwrite64(" in line for line in lines)

    def hurt(self, server):
        """What a defect does to who was killed. Else nobody opens the file: who starts next must find it as it was left."""
        if self.asked.defect not in ("half", "lost"):
            return
        with contextlib.closing(sqlite3.connect(os.path.join(server.data, FILE))) as database:
            if self.asked.defect == "half":
                applied = [name for name, in database.execute("select name from schema_migrations")]
                left = [name for name in LATER if name not in applied]
                if left:
                    database.execute(up(left[0]).split(";")[0])
            elif self.asked.defect == "lost":
                database.execute("delete from articles where id = ?", [key(100)])
            database.commit()

    # Cut.

    def cut(self):
        points = 150 if self.asked.long else 3
        with folder() as own:
            place, log = os.path.join(own, "root", "data"), os.path.join(own, "log.migrate")
            shutil.copytree(self.old, place)
            disk = Disk(os.path.join(own, "root"), DEFECTS.get(self.asked.defect, lambda path, is_folder: False)).load()
            with Server(tracing(self.asked.binary, own), place) as server:
                server.command("migrate")
            wait_for_end(log)
            with open(log) as lines:
                at = set(self.rng.sample(range(sum(1 for _ in lines)), points))
                lines.seek(0)
                for number, _ in disk.play(lines):
                    if number in at:
                        share = self.rng.choice((0.1, 0.5, 0.9))
                        for image in (disk.image(), disk.image(lambda: self.rng.random() < share)):
                            self.start_on(image, number)
        return f"the power cut {points} times"

    def start_on(self, image, number):
        with folder() as own, Server(self.asked.binary, own) as server:
            for path, content in image.items():
                target = os.path.join(own, os.path.relpath(path, "data"))
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(target, "wb") as file:
                    file.write(content)
            self.finishes(server, f"power cut at line {number + 1}")

    def finishes(self, server, why):
        try:
            server.start()
            same(outcome(server), self.wanted)
        except (AssertionError, SystemExit, sqlite3.Error) as wrong:
            raise AssertionError(f"{why}: {wrong}")

    # Two.

    def two(self):
        rounds = 25 if self.asked.long else 2
        binary = self.without_locks() if self.asked.defect == "lock" else None
        for turn in range(rounds):
            with self.copied(binary) as one, Server(one.binary, one.data) as other:
                migrated = self.at_once(one, other)
                # Each migration that was missing, once.
                assert sorted(name for name in migrated if name in LATER) == LATER, f"migrated {sorted(migrated)}"
                other.stop(signal.SIGTERM)
                same(outcome(one), self.wanted)
        return f"{rounds} times two at once"

    def at_once(self, *servers):
        """Starts servers together, which must all serve. The migrations that they say they ran."""
        migrated, wrong = [], []

        def serve(server):
            try:
                migrated.extend(start_told(server))
                for turn in range(50):
                    for path in ("/api/v1/articles", "/api/v1/editor/articles", "/health/ready"):
                        status, _, body = server.ask("GET", path)
                        assert status == 200, (path, status, body)
            except (AssertionError, OSError) as why:
                wrong.append(str(why))

        threads = [threading.Thread(target=serve, args=(server,)) for server in servers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong, f"two at once: {wrong}"
        return migrated

    def without_locks(self):
        path = os.path.join(self.own, "without-locks")
        with open(path, "w") as script:
            script.write(f"#!/bin/sh\nexec strace -D -f -q -o /dev/null -e trace=flock -e inject=flock:retval=0 '{self.asked.binary}' \"$@\"\n")
        os.chmod(path, 0o700)
        return path

    # Newer.

    def newer(self):
        refused = 0
        for in_log in (False, True):
            with self.copied() as server:
                self.add_unknown(server, in_log)
                before = contents(server.data)
                assert (FILE + "-wal" in before) == in_log
                for command in (["serve"], ["migrate"], ["demo"], ["user", "list"], ["verify"]):
                    done = subprocess.run([server.binary, *command], env=server.env, capture_output=True, text=True, timeout=20,
                                          stdin=subprocess.DEVNULL)
                    after, text = contents(server.data), done.stdout + done.stderr
                    assert done.returncode not in (0, 101) and UNKNOWN in text and "newer" in text, (command, done.returncode, text[-400:])
                    assert after == before, f"{command} changed a newer database: {sorted(before.items())} {sorted(after.items())}"
                    refused += 1
        return f"a newer one refused {refused} times, nothing changed"

    def add_unknown(self, server, in_log):
        name = LATER[0] if self.asked.defect == "known" else UNKNOWN
        made = os.path.join(self.own, "made")
        shutil.copytree(server.data, made)
        database = sqlite3.connect(os.path.join(made, FILE))
        insert(database, "schema_migrations", name=name)
        database.commit()
        if in_log:  # as whoever is killed leaves it
            shutil.rmtree(server.data)
            shutil.copytree(made, server.data, ignore=shutil.ignore_patterns("*-shm"))
        database.close()
        if not in_log:
            shutil.rmtree(server.data)
            shutil.copytree(made, server.data)
        shutil.rmtree(made)


def start_told(server):
    """Starts a server, and tells which migrations it says it ran."""
    ran = []
    server.process = subprocess.Popen([server.binary, "serve"], env=server.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = ""
    for line in server.process.stderr:
        said += line
        entry = json.loads(line) if line.startswith("{") else {}
        if entry.get("message") == "Migrated the database":
            ran.append(entry["migration"])
        if entry.get("message") == "Serving":
            server.address = entry["address"]
            break
    assert server.address, f"a server did not start: {said[-300:]}"
    threading.Thread(target=server.process.stderr.read, daemon=True).start()
    server.log_in()
    return ran


def contents(place):
    """What every file below a folder holds; the index of a log is made anew by whoever looks at one, and is no content."""
    found = {}
    for above, _, names in os.walk(place):
        for name in names:
            with open(os.path.join(above, name), "rb") as file:
                if not name.endswith("-shm"):
                    found[os.path.relpath(os.path.join(above, name), place)] = hashlib.sha256(file.read()).hexdigest()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--long", action="store_true", help="killed at every write in place of six, the power cut 150 times, and two at once 25 times")
    parser.add_argument("--defect", choices=("half", "lost", "syncs", "lock", "known"), help="do harm, to see this fail")
    parser.add_argument("--only", choices=("killed", "cut", "two", "newer"))
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if not shutil.which("strace"):
        raise SystemExit("strace is missing")
    began, told, wrong = time.monotonic(), [], 0
    with folder() as own:
        upgrades = Upgrades(asked, own)
        for part in (upgrades.killed, upgrades.cut, upgrades.two, upgrades.newer):
            if asked.only not in (None, part.__name__):
                continue
            try:
                told.append(part())
            except AssertionError as why:
                wrong += 1
                told.append(f"{part.__name__}: {str(why)[:300]}")
    print(f"{'; '.join(told)}; {wrong} wrong, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
