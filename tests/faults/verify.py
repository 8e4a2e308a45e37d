#!/usr/bin/env python3
"""Bytes that rot: `copydesk verify` over a newsroom in which one byte of a page, or of a file of media, is another.

    tests/faults/verify.py BINARY [--flips 100] [--seed 1] [--defect pages|files]

A byte is flipped in so many pages of the database, one after another, and each time what `verify` says is compared with what
another build of SQLite finds (Python's): what that sees has to be told. Then so many files of media have a byte flipped, all at once, and each has to be named; and one that is gone. The defects
leave the bytes of the ones or the others as they are: the run must fail then.

Needs Python 3.9 and nothing else. Exits 1 when something is not as it should be.
"""

import argparse
import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys

from server import Server, folder

PAGE = 4096


def verify(server):
    done = subprocess.run([server.binary, "verify"], env=server.env, capture_output=True, text=True, timeout=60)
    assert "panicked" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def seen(file):
    """Whether an integrity check finds something wrong."""
    try:
        with sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True) as database:
            return database.execute("pragma integrity_check").fetchall() != [("ok",)] or bool(database.execute("pragma foreign_key_check").fetchall())
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return True


def pages(server, file, flips, rng, defect):
    """How many flips were made, and how many of them were told."""
    with open(file, "rb") as opened:
        whole = opened.read()
    found, most = 0, len(whole) // PAGE
    for page in rng.sample(range(most), min(flips, most)):
        # Half of them where a page says what is in it, which is where a flip can be seen.
        at = page * PAGE + (rng.randrange(12) if rng.random() < 0.5 else rng.randrange(PAGE)) + (100 if page == 0 else 0)
        bent = bytearray(whole)
        if not defect:
            bent[at] ^= 1 << rng.randrange(8)
        with open(file, "wb") as opened:
            opened.write(bent)
        code, told = verify(server)
        wrong = seen(file)
        assert not (wrong and code == 0), f"byte {at} is another, which was not told: {told}"
        with open(file, "rb") as opened:
            assert opened.read() == bytes(bent), "looking changed the file"
        found += code != 0
    with open(file, "wb") as opened:
        opened.write(whole)
    assert found >= flips // 4, f"of {flips} flips {found} were seen"
    return min(flips, most), found


def files(server, media, rng, defect):
    """Each file of media with a byte that is another is named, and one that is gone."""
    for path in media:
        os.chmod(path, 0o600)
        with open(path, "r+b") as opened:
            body = bytearray(opened.read())
            body[rng.randrange(len(body))] ^= 0 if defect else 1 << rng.randrange(8)
            opened.seek(0)
            opened.write(body)
    gone = media[0]
    os.remove(gone)
    code, told = verify(server)
    named = {line.rsplit("/", 1)[-1]: line.split(":")[0] for line in told.splitlines() if line.startswith(("missing: ", "changed: "))}
    must = {os.path.basename(path): "missing" if path == gone else "changed" for path in media}
    assert code == 1 and len(named) == len(must), f"{len(named)} of {len(must)} were named: {told[-500:]}"
    assert all(any(name.startswith(own) or own.startswith(name) for own in must) for name in named), told[-500:]
    assert sorted(named.values()) == sorted(must.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--flips", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--defect", choices=("pages", "files"))
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    with folder() as own, Server(asked.binary, own) as server:
        server.command("generate", "--articles", "200")
        server.hire()
        server.start()
        sums = []
        # At most a hundred are named.
        for number in range(min(asked.flips, 90)):
            body = b"%PDF-1.4 " + rng.randbytes(500)
            status, _, answer = server.ask("POST", "/api/v1/editor/media", body, {"Content-Type": "application/octet-stream"})
            assert status == 201, (status, json.loads(answer))
            sums.append(hashlib.sha256(body).hexdigest())
        code, told = verify(server)
        assert code == 0 and "nothing wrong" in told, f"while it is served: {told}"
        server.stop(signal.SIGTERM)
        file = os.path.join(own, "copydesk.sqlite")
        with sqlite3.connect(file) as database:
            database.execute("pragma wal_checkpoint(truncate)")
        kept = {name: os.path.join(where, name) for where, _, names in os.walk(os.path.join(own, "media")) for name in names}
        media = [next(path for name, path in kept.items() if path.replace("/", "").find(digest) >= 0 or digest.endswith(name)) for digest in sums]
        assert verify(server)[0] == 0
        flips, found = pages(server, file, asked.flips, rng, asked.defect == "pages")
        files(server, media, rng, asked.defect == "files")
    print(f"verify: {flips} pages with a byte that is another, {found} told, none that another build of SQLite sees was not; "
          f"{len(media)} of {len(media)} files of media named")


if __name__ == "__main__":
    sys.exit(main())
