#!/usr/bin/env python3
"""Copies that are damaged, and the steps that docs/operations.md teaches.

    tests/faults/restore.py BINARY [--flips 100]

A bit of a copy is flipped in a random place, so many times; each time `copydesk restore` must refuse it for what its list says, and leave nothing but
empty locks. Then the steps of a restore are done in their order, with keys and media put back after the database, and again with media that are
missing, cut short, or of the same length and other.

Needs Python 3.9 and nothing else. Exits 1 when something is not as it should be.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys

from server import Server, folder


def run(server, data, *arguments):
    env = dict(server.env, COPYDESK_DATA=data)
    done = subprocess.run([server.binary, *arguments], env=env, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def flips(server, copy, place, times, seed):
    """How many of the flipped bits are refused."""
    chance, refused = random.Random(seed), 0
    with open(copy, "rb") as file:
        whole = file.read()
    for _ in range(times):
        bent = bytearray(whole)
        bent[chance.randrange(len(bent))] ^= 1 << chance.randrange(8)
        with open(copy, "wb") as file:
            file.write(bent)
        code, told = run(server, place, "restore", "--from", copy)
        left = [name for name in os.listdir(place) if os.path.getsize(os.path.join(place, name))]
        refused += code == 1 and "it is not what" in told and not left
    with open(copy, "wb") as file:
        file.write(whole)
    return refused


def steps(server, copy, place, original):
    """The steps of docs/operations.md, on an empty machine."""
    code, told = run(server, place, "restore", "--from", copy)
    assert code == 0 and "1 files of media are missing" in told, (code, told)
    assert run(server, place, "media", "check")[0] == 1
    shutil.copytree(os.path.join(server.data, "keys"), os.path.join(place, "keys"))
    kept = os.path.join(place, "media", original)
    shutil.copytree(os.path.join(server.data, "media"), os.path.join(place, "media"), dirs_exist_ok=True)
    for asked in ((), ("--hash",)):
        code, told = run(server, place, "media", "check", *asked)
        assert code == 0, (code, told)
    other = Server(server.binary, place)
    other.start()
    status, _, body = other.ask("GET", "/api/v1/editor/articles")
    assert status == 200, (status, body)
    other.stop(signal.SIGTERM)
    with open(kept, "rb") as file:
        whole = file.read()
    for bytes_, asked, code in ((whole[:-1], (), 1), (whole[:-1] + b"?", (), 0), (whole[:-1] + b"?", ("--hash",), 1)):
        os.chmod(kept, 0o600)
        with open(kept, "wb") as file:
            file.write(bytes_)
        found = run(server, place, "media", "check", *asked)
        assert found[0] == code, (code, found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--flips", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with folder() as own, Server(asked.binary, os.path.join(own, "data")) as server:
        os.mkdir(server.data)
        server.hire()
        server.start()
        status, _, body = server.ask("POST", "/api/v1/editor/media", b"%PDF-1.4 of a test of faults", {"Content-Type": "application/octet-stream"})
        assert status == 201, (status, body)
        copy, place = os.path.join(own, "copy.sqlite"), os.path.join(own, "place")
        server.command("backup", "--to", copy)
        server.stop(signal.SIGTERM)
        with open(copy + ".media", encoding="utf-8") as file:
            original = file.read().splitlines()[1].split("\t")[1]
        refused = flips(server, copy, place, asked.flips, asked.seed)
        assert refused == asked.flips, f"{asked.flips - refused} of {asked.flips} flipped bits were not refused"
        steps(server, copy, place, original)
        print(f"restore: {refused} of {asked.flips} flipped bits refused; put back by the steps, and all files of media looked at")


if __name__ == "__main__":
    sys.exit(main())
