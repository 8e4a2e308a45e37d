#!/usr/bin/env python3
"""Copies of a database that is written to: one each second while eight editors write.

    tests/faults/backup.py BINARY [--seconds 60] [--served 3]

`copydesk backup` is called once a second. What was acknowledged before a call began must be in its copy. Afterwards each copy is put back into
a folder of its own by `copydesk restore`, SQLite must find it sound, and every revision that was acknowledged must be there; so many of the
copies are served, and all their articles are read whole. How long the editors were kept waiting is told.

Needs Python 3.9 and nothing else. Exits 1 when something is not as it should be.
"""

import argparse
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid

from server import Server, folder, sound
from writes import Editor, examine


class Watched(Server):
    """A server that knows how long the slowest answer took."""

    slowest = 0.0

    def ask(self, *what, **more):
        began = time.monotonic()
        answer = super().ask(*what, **more)
        self.slowest = max(self.slowest, time.monotonic() - began)
        return answer


def acknowledged(editors):
    """What each article was acknowledged to be, by revision, up to now."""
    return {article: dict(kept) for editor in editors for article, kept in list(editor.acknowledged.items())}


def copies(server, editors, folder, seconds):
    """(file, what it must hold) for each second; and how long the slowest took."""
    made, slowest, began = [], 0.0, time.monotonic()
    for second in range(seconds):
        time.sleep(max(0.0, began + second - time.monotonic()))
        must, at = acknowledged(editors), time.monotonic()
        name = os.path.join(folder, f"copy-{second}.sqlite")
        server.command("backup", "--to", name)
        slowest = max(slowest, time.monotonic() - at)
        made.append((name, must))
    return made, slowest


def put_back(server, name, data):
    """Restores a copy into a folder of its own."""
    os.mkdir(data)
    env = dict(server.env, COPYDESK_DATA=data)
    done = subprocess.run([server.binary, "restore", "--from", name], env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{name} is not put back: {done.stdout}{done.stderr}"
    return os.path.join(data, "copydesk.sqlite")


def holds(file, must):
    """A file is sound, and all revisions that were acknowledged are in it."""
    sound(file)
    with sqlite3.connect(file) as database:
        there = {(str(uuid.UUID(bytes=article)), number) for article, number in database.execute("select article_id, revision from revisions")}
    lost = {(article, number) for article, kept in must.items() for number in kept} - there
    assert not lost, f"{file} lacks {len(lost)} acknowledged revisions, such as {sorted(lost)[:3]}"


def served(server, data, must):
    """Reads all that a copy holds through a server."""
    other = Server(server.binary, data)
    other.start()
    try:
        return sum(examine(other, article, dict(kept)) for article, kept in must.items())
    finally:
        other.stop(signal.SIGTERM)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--served", type=int, default=3)
    asked = parser.parse_args()
    with folder() as own, Watched(asked.binary, os.path.join(own, "data")) as server:
        os.mkdir(server.data)
        server.hire()
        server.start()
        over = threading.Event()
        editors = [Editor(number, server, over.is_set) for number in range(1, 9)]
        for editor in editors:
            editor.start()
        made, slowest = copies(server, editors, own, asked.seconds)
        over.set()
        for editor in editors:
            editor.join()
            if editor.wrong:
                raise editor.wrong
        writes = sum(editor.count for editor in editors)
        held = [sum(len(kept) for kept in must.values()) for _, must in made]
        assert held[-1] > held[0], "nothing was written meanwhile"
        read = 0
        shown = {round(at * (len(made) - 1) / max(1, asked.served - 1)) for at in range(asked.served)}
        for number, (name, must) in enumerate(made):
            data = os.path.join(own, f"restored-{number}")
            holds(put_back(server, name, data), must)
            if number in shown:
                read += served(server, data, must)
            shutil.rmtree(data)
        print(f"backup: {len(made)} copies during {writes} writes, {held[-1]} acknowledged before the last began, none lost in any; {read} revisions of "
              f"{len(shown)} copies read whole; a copy took {slowest:.2f} s at most, an answer {server.slowest:.2f} s")


if __name__ == "__main__":
    sys.exit(main())
