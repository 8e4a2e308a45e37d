#!/usr/bin/env python3
"""A power cut, by a model of the disk: nothing that was acknowledged may hang on what was not made sure of.

    tests/faults/power.py BINARY [--long] [--defect normal|folder|media|bytes] [--seed N]

A server with a new data folder is traced from its first call to its last while editors make, change, publish and take down
articles and upload files, and keep a note of each acknowledgement, which they name by a request id. The log is then played into
the model of `disk.py`. At many points of it the power is cut, half of them right as an acknowledgement begins to be sent: from then
on the client may have it. What the disk has then is opened twice, once with only what was made sure of and once with some of
the rest. Every article that was acknowledged must be there as it was then or as a later write left it, every file must have its
record and its bytes, and SQLite must find its file sound. At some of the points the server itself is started on it, and asked.

Defects, of which each must make it fail: `normal` has no sync of the write-ahead log count, of which `synchronous = NORMAL` would
make few; `folder` has no sync of a folder count, `media` none of those that uploads are kept in, and `bytes` none of the uploads.

Needs Python 3.9 and strace. Exits 1 when something is not as it should be.
"""

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
import threading
import time

from disk import Disk, tracing, wait_for_end
from server import Server, folder, sound

JSON = {"Content-Type": "application/json"}
ARTICLES, MEDIA = "/api/v1/editor/articles", "/api/v1/editor/media"
DATABASE = "data/copydesk.sqlite"
HEAD = re.compile(rb"\AHTTP/1\.1 2\d\d .*?\r\nx-request-id: (note-\d+)\r\n", re.S | re.I)
DEFECTS = {
    "normal": lambda path, is_folder: path.endswith("-wal"),
    "folder": lambda path, is_folder: is_folder,
    "media": lambda path, is_folder: is_folder and "/data/media" in path,
    "bytes": lambda path, is_folder: not is_folder and ("/media/" in path or "/spool/" in path),
}


class Notes:
    """What was acknowledged, by the id of the request."""

    def __init__(self, wanted):
        self.wanted, self.lock, self.number, self.kept, self.wrong = wanted, threading.Lock(), 0, {}, None

    def next(self):
        """An id, or None once enough was asked for."""
        with self.lock:
            if self.number >= self.wanted or self.wrong:
                return None
            self.number += 1
            return f"note-{self.number}"


class Enough(Exception):
    """Nothing more is asked for."""


class Editor(threading.Thread):
    """Makes and changes articles of its own, one after another, and uploads files."""

    def __init__(self, number, server, notes):
        super().__init__(daemon=True)
        self.number, self.server, self.notes, self.rng = number, server, notes, random.Random(number)

    def run(self):
        try:
            turn = 0
            while True:
                turn += 1
                self.story(f"{self.number}-{turn}")
        except Enough:
            pass
        except Exception as wrong:  # told by the main thread
            self.notes.wrong = wrong

    def ask(self, method, path, body=None, headers=()):
        note = self.notes.next()
        if note is None:
            raise Enough
        status, found, content = self.server.ask(method, path, body, dict(headers, **{"X-Request-Id": note}))
        assert status in (200, 201), (method, path, status, content)
        return note, found["ETag"], json.loads(content)

    def write(self, method, path, fields, tag=None):
        headers = dict(JSON, **{"If-Match": tag}) if tag else JSON
        note, tag, made = self.ask(method, path, fields and json.dumps(fields), headers)
        self.notes.kept[note] = ("article", made["id"], made["revision"], made["headline"], made["status"])
        return f"{ARTICLES}/{made['id']}", tag

    def upload(self, mark):
        content = b"%PDF-1.4\n%" + mark.encode() + self.rng.randbytes(self.rng.randrange(200, 12000)) + b"\n%%EOF\n"
        note, _, made = self.ask("POST", MEDIA, content, {"Content-Type": "application/pdf"})
        self.notes.kept[note] = ("media", made["id"], hashlib.sha256(content).hexdigest())

    def story(self, mark):
        text = [{"type": "paragraph", "id": "p", "text": [{"text": f"Text {mark}. " * self.rng.randrange(1, 300)}]}]
        path, tag = self.write("POST", ARTICLES, {"headline": f"Made {mark}", "body": text})
        self.upload(mark)
        path, tag = self.write("PATCH", path, {"headline": f"Changed {mark}"}, tag)
        path, tag = self.write("POST", path + "/actions/publish", None, tag)
        self.upload(mark + " again")
        path, tag = self.write("PATCH", path, {"headline": f"Changed again {mark}"}, tag)
        self.write("POST", path + "/actions/unpublish", None, tag)


def record(binary, own, wanted, editors):
    """Has a traced server with nothing yet take writes, and stop. What was acknowledged."""
    notes = Notes(wanted)
    with Server(tracing(binary, own), os.path.join(own, "root", "data")) as server:
        server.env.update(COPYDESK_AUTH_ACCESS_TOKEN_SECONDS="3600")
        server.hire()
        server.start()
        at_work = [Editor(number, server, notes) for number in range(editors)]
        for editor in at_work:
            editor.start()
        for editor in at_work:
            editor.join()
        server.stop(signal.SIGTERM)
    if notes.wrong:
        raise notes.wrong
    for command in ("user", "serve"):
        wait_for_end(os.path.join(own, "log." + command))
    return notes.kept


class Cuts:
    """Cuts the power again and again while the log is played, and looks at what is left."""

    def __init__(self, asked, notes, own):
        self.asked, self.notes, self.own, self.rng = asked, notes, own, random.Random(asked.seed)
        self.states = {}  # what each revision of each article was acknowledged as
        for kind, *note in notes.values():
            if kind == "article":
                self.states.setdefault(note[0], {})[note[1]] = tuple(note[2:])
        self.articles, self.media, self.is_hired = {}, {}, False  # acknowledged so far
        self.count = self.images = self.started = self.lost = self.seen = 0
        self.causes = []

    def play(self):
        points, samples = (400, 50) if self.asked.long else (48, 5)
        logs = [os.path.join(self.own, "log." + command) for command in ("user", "serve")]
        lengths = [sum(1 for _ in open(log)) for log in logs]
        at_answers = set(self.rng.sample(sorted(self.notes), min(points // 2, len(self.notes))))
        at_lines = set(self.rng.sample(range(sum(lengths)), points - len(at_answers)))
        self.asked_of = set(self.rng.sample(range(points), samples))
        disk = Disk(os.path.join(self.own, "root"), DEFECTS.get(self.asked.defect, lambda path, is_folder: False))
        before = 0
        for log, length in zip(logs, lengths):
            with open(log) as lines:
                for number, sent in disk.play(lines):
                    note = self.acknowledge(sent)
                    if note in at_answers or before + number in at_lines:
                        self.cut(disk, f"{os.path.basename(log)}, line {number + 1}")
            before, self.is_hired = before + length, True
        assert self.seen == len(self.notes), f"{self.seen} of {len(self.notes)} acknowledgements are in the log"
        return disk

    def acknowledge(self, sent):
        head = HEAD.match(sent) if sent else None
        note = head and head.group(1).decode()
        if note is None:
            return None
        kind, one, *rest = self.notes[note]
        self.seen += 1
        if kind == "article":
            self.articles[one] = max(self.articles.get(one, 0), rest[0])
        else:
            self.media[one] = rest[0]
        return note

    def cut(self, disk, where):
        self.count += 1
        chances = random.Random(self.rng.random())
        share = chances.choice((0.1, 0.5, 0.9, 1.0))
        lost = False
        for how, image in (("sure", disk.image()), (f"{share} of the rest", disk.image(lambda: chances.random() < share))):
            self.images += 1
            try:
                self.look(image)
                if how == "sure" and self.count - 1 in self.asked_of and self.is_hired:
                    self.start(image)
            except (AssertionError, sqlite3.Error, SystemExit, OSError) as wrong:
                lost = True
                self.causes.append(f"{where}, {how}: {str(wrong)[:300]}")
        self.lost += lost

    def look(self, image):
        """What was acknowledged is in an image."""
        if DATABASE not in image:
            assert not self.is_hired, "there is no database"
            return
        place = os.path.join(self.own, "looked")
        os.makedirs(place)
        try:
            file = os.path.join(place, "copydesk.sqlite")
            for path, content in image.items():
                if path.startswith(DATABASE):
                    write(os.path.join(place, os.path.basename(path)), content)
            sound(file)
            with sqlite3.connect(file) as database:
                self.compare(database, image)
            database.close()
        finally:
            shutil.rmtree(place)

    def compare(self, database, image):
        if self.is_hired:
            assert database.execute("select count(*) from users").fetchone() == (1,), "who was hired is gone"
        if not self.articles and not self.media:
            return
        found = {plain(one): rest for one, *rest in database.execute("select id, revision, headline, status from articles")}
        for one, revision in self.articles.items():
            assert one in found, f"article {one} is gone"
            there, *state = found[one]
            assert there >= revision, f"revision {revision} of article {one} is gone, {there} is there"
            # What was written as the power went is there or not; it is not known where it was not acknowledged before the end.
            assert tuple(state) == self.states[one][there], f"revision {there} of article {one} is {state}"
        records = {plain(one): sha for one, sha in database.execute("select id, sha256 from media")}
        for one, sha in self.media.items():
            assert records.get(one) == sha, f"the record of file {one} is gone"
            content = image.get(f"data/media/originals/{sha[:2]}/{sha[2:4]}/{sha}")
            assert content is not None, f"file {one} is gone"
            assert hashlib.sha256(content).hexdigest() == sha, f"file {one} is not what it was"

    def start(self, image):
        """The server starts on an image alone, and answers with what was acknowledged."""
        place = os.path.join(self.own, "started")
        try:
            for path, content in image.items():
                target = os.path.join(place, path)
                os.makedirs(os.path.dirname(target), exist_ok=True)
                write(target, content)
            with Server(self.asked.binary, os.path.join(place, "data")) as server:
                server.start()
                for one, revision in self.articles.items():
                    status, _, body = server.ask("GET", f"{ARTICLES}/{one}")
                    assert status == 200 and json.loads(body)["revision"] >= revision, (one, status)
                for one, sha in self.media.items():
                    status, _, body = server.ask("GET", f"{MEDIA}/{one}")
                    assert status == 200, (one, status)
                    status, _, body = server.ask("GET", json.loads(body)["original_url"], token=False)
                    assert status == 200 and hashlib.sha256(body).hexdigest() == sha, (one, status)
                server.stop(signal.SIGTERM)
            self.started += 1
        finally:
            shutil.rmtree(place, ignore_errors=True)


def plain(one):
    text = one.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--long", action="store_true", help="1,000 acknowledged and 400 cuts, in place of 64 and 48")
    parser.add_argument("--defect", choices=sorted(DEFECTS), help="have the model forget, to see this fail")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if not shutil.which("strace"):
        raise SystemExit("strace is missing")
    began = time.monotonic()
    with folder() as own:
        os.makedirs(os.path.join(own, "root"))
        own = os.path.realpath(own)
        notes = record(asked.binary, own, 1000 if asked.long else 64, 4)
        cuts = Cuts(asked, notes, own)
        disk = cuts.play()
    for cause in cuts.causes[:10]:
        print(cause)
    print(f"{len(notes)} acknowledged, {disk.syncs} syncs, {cuts.count} cuts, {cuts.images} images, {cuts.started} served again: "
          f"{cuts.lost} cuts lost something, {time.monotonic() - began:.0f} s")
    return 1 if cuts.lost else 0


if __name__ == "__main__":
    sys.exit(main())
