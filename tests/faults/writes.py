#!/usr/bin/env python3
"""Articles under fire: a server that is killed while eight editors write.

    tests/faults/writes.py BINARY [--writes 10000] [--every 2.0] [--editors 32 --times 50] [--keys 50] [--database URL]

A server is sent SIGKILL every two seconds and started again while eight editors make, change and publish articles, until so
many writes were acknowledged. Then every one of them must be there, in a chain of revisions without a gap; each revision must
be of one write, whole; what readers see must be a revision that was published; and SQLite must find its file sound. What was
asked to be made under a key is asked again until it is acknowledged, and must be there once.

Editors: so many read a counter of one article, add one and write it back with the ETag of what they read, each until it
succeeded so many times. The counter must be the product.

Keys: eight threads ask for the same under each key, some of which hang up before they are answered. One must be made of each.

Needs Python 3.9 and nothing else. Exits 1 when something is not as it should be.
"""

import argparse
import http.client
import json
import os
import signal
import socket
import struct
import sys
import threading
import time

from server import Server, folder, sound

JSON = {"Content-Type": "application/json"}
ARTICLES = "/api/v1/editor/articles"


def fields(mark):
    """What a write writes: its mark in three places, of which none may be there without the others."""
    return {
        "headline": f"Story {mark}",
        "custom": {"mark": mark},
        "body": [{"type": "paragraph", "id": "p", "text": [{"text": f"Text {mark}."}]}],
    }


def mark_of(article):
    """The mark of an article, where all of it is of one write."""
    mark = article["custom"]["mark"]
    written = fields(mark)
    assert article["headline"] == written["headline"], f"half a write: {article}"
    assert article["body"][0]["text"] == written["body"][0]["text"], f"half a write: {article}"
    return mark


class Editor(threading.Thread):
    """Writes to articles of its own, and remembers what was acknowledged: for each article its revisions, with their marks."""

    def __init__(self, number, server, enough):
        super().__init__(daemon=True)
        self.number, self.server, self.enough = number, server, enough
        self.acknowledged, self.count, self.wrong = {}, 0, None
        self.asked = None  # the mark of an article that was asked for, and not acknowledged yet

    def run(self):
        turn = 0
        while self.asked or not self.enough():
            turn += 1
            try:
                self.write(turn)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)  # the server was killed
            except Exception as wrong:  # told by the main thread
                self.wrong = wrong
                return

    def write(self, turn):
        mark = self.number * 1_000_000 + turn
        known = list(self.acknowledged)
        if self.asked or len(known) < 5 or turn % 40 == 0:
            self.asked = self.asked or mark
            headers = dict(JSON, **{"Idempotency-Key": f"made-{self.asked}"})
            status, _, body = self.server.ask("POST", ARTICLES, json.dumps(fields(self.asked)), headers)
            # PostgreSQL takes a moment to notice that who began to answer is dead.
            if status not in (409, 503):
                self.keep(status, body)
                self.asked = None
            return
        path = f"{ARTICLES}/{known[turn % len(known)]}"
        status, headers, body = self.server.ask("GET", path)
        if status == 503:
            return
        assert status == 200, f"an acknowledged article is not read: {status} {body}"
        match = {"If-Match": headers["ETag"]}
        if turn % 5 == 0:
            status, _, body = self.server.ask("POST", path + "/actions/publish", None, match)
        else:
            status, _, body = self.server.ask("PATCH", path, json.dumps(fields(mark)), dict(JSON, **match))
        self.keep(status, body)

    def keep(self, status, body):
        """Remembers what was acknowledged. Only a server that is too busy may refuse: nobody else writes to these articles."""
        if status == 503:
            return
        assert status in (200, 201), f"a write was refused: {status} {body}"
        article = json.loads(body)
        kept = self.acknowledged.setdefault(article["id"], {})
        revision, told = article["revision"], (article["status"], mark_of(article))
        # Publishing what is live already is no write; any other answer with this number is one whose first was lost.
        assert kept.get(revision, told) == told, f"revision {revision} was acknowledged as {kept[revision]} and is {told}"
        self.count += revision not in kept
        kept[revision] = told


def history(server, article):
    found, cursor = [], ""
    while True:
        status, _, body = server.ask("GET", f"{ARTICLES}/{article}/revisions?limit=100{cursor}")
        assert status == 200, f"an acknowledged article is not there: {article} {status} {body}"
        page = json.loads(body)
        found += page["items"]
        if not page["next_cursor"]:
            return list(reversed(found))
        cursor = "&cursor=" + page["next_cursor"]


def examine(server, article, acknowledged):
    """All revisions of an article: without a gap, each whole, and those that were acknowledged as they were."""
    after, published = 0, []
    for revision in history(server, article):
        number = revision["revision"]
        assert revision["first_revision"] == after + 1, f"a gap before revision {number} of {article}"
        after = number
        status, _, body = server.ask("GET", f"{ARTICLES}/{article}/revisions/{number}")
        assert status == 200, (article, number, status)
        mark = mark_of(json.loads(body)["article"])
        known = acknowledged.pop(number, None)
        if revision["reason"] == "publish":
            published.append(mark)
        assert known in (None, (revision["status"], mark)), f"revision {number} of {article} is {mark}, not {known}"
    assert not acknowledged, f"revisions of {article} were acknowledged and are not there: {acknowledged}"
    status, _, body = server.ask("GET", f"/api/v1/articles/{article}", token=False)
    assert status == (200 if published else 404), (article, status, published)
    if published:
        assert mark_of(json.loads(body)) == published[-1], f"readers see what was not published last: {article}"
    return after


def under_fire(server, writes, every):
    editors = []
    enough = lambda: sum(editor.count for editor in editors) >= writes
    editors += [Editor(number, server, enough) for number in range(1, 9)]
    for editor in editors:
        editor.start()
    kills, slowest = 0, 0
    while any(editor.is_alive() for editor in editors):
        time.sleep(every)
        server.stop(signal.SIGKILL)
        began = time.monotonic()
        server.start()
        slowest = max(slowest, time.monotonic() - began)
        kills += 1
        assert kills < 10_000, "it takes for ever"
    for editor in editors:
        editor.join()
        if editor.wrong:
            raise editor.wrong
    return editors, kills, slowest


def count(server, editors, times):
    """Nobody's addition is lost, however many add."""
    status, _, body = server.ask("POST", ARTICLES, json.dumps({"headline": "Counted", "custom": {"n": 0}}), JSON)
    assert status == 201, body
    path, refused, wrong = f"{ARTICLES}/{json.loads(body)['id']}", [], []

    def add():
        done = 0
        while done < times:
            _, headers, body = server.ask("GET", path)
            patch = {"custom": {"n": json.loads(body)["custom"]["n"] + 1}}
            status, _, body = server.ask("PATCH", path, json.dumps(patch), dict(JSON, **{"If-Match": headers["ETag"]}))
            if status == 200:
                done += 1
            elif status == 412:
                refused.append(1)
            else:
                wrong.append(body)
                return

    threads = [threading.Thread(target=add) for _ in range(editors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[0]
    _, _, body = server.ask("GET", path)
    counted, revision = json.loads(body)["custom"]["n"], json.loads(body)["revision"]
    assert (counted, revision) == (editors * times, editors * times + 1), (counted, revision)
    print(f"counter: {counted} after {editors} editors added one {times} times each; {len(refused)} were told to read again")


def once(server, keys):
    """However many ask for the same, and hang up, it is made once."""
    host, port = server.address.rsplit(":", 1)
    told, wrong = [], []

    def cut(key):
        body = json.dumps({"headline": f"Under {key}"})
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            head = (f"POST {ARTICLES} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {server.token}\r\nIdempotency-Key: {key}\r\n"
                    f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
            connection.sendall((head + body).encode())
            # Without this the server would answer into the void, and never hear of it.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def ask(key):
        while True:
            status, headers, body = server.ask("POST", ARTICLES, json.dumps({"headline": f"Under {key}"}),
                                               dict(JSON, **{"Idempotency-Key": key}))
            if status == 409 and json.loads(body)["code"] == "key_in_flight" and headers["Retry-After"]:
                continue
            (told if status == 201 else wrong).append((key, json.loads(body).get("id")))
            return

    for number in range(keys):
        threads = [threading.Thread(target=(cut, ask)[at % 2], args=(f"once-{number}",)) for at in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong, wrong
    made = {article for _, article in told}
    assert len(told) == 4 * keys and len(made) == keys, (len(told), len(made))
    print(f"keys: {keys} articles, each asked for by eight at once, four of whom hung up, and made once")
    return keys


def articles(server):
    """How many there are."""
    found, cursor = 0, ""
    while cursor is not None:
        status, _, body = server.ask("GET", f"{ARTICLES}?limit=100{cursor}")
        assert status == 200, body
        page = json.loads(body)
        found += len(page["items"])
        cursor = page["next_cursor"] and "&cursor=" + page["next_cursor"]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--writes", type=int, default=10_000)
    parser.add_argument("--every", type=float, default=2.0)
    parser.add_argument("--editors", type=int, default=0)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--keys", type=int, default=0)
    parser.add_argument("--database", help="a PostgreSQL that is empty; SQLite unless given")
    asked = parser.parse_args()
    with folder() as own, Server(os.path.abspath(asked.binary), own, asked.database) as server:
        server.hire()
        server.start()
        others = 0
        if asked.editors:
            count(server, asked.editors, asked.times)
            others += 1
        others += once(server, asked.keys) if asked.keys else 0
        editors, kills, slowest = under_fire(server, asked.writes, asked.every)
        acknowledged = {article: kept for editor in editors for article, kept in editor.acknowledged.items()}
        assert kills >= 3, "the server was hardly killed"
        written = sum(len(kept) for kept in acknowledged.values())
        revisions = sum(examine(server, article, kept) for article, kept in acknowledged.items())
        assert articles(server) == len(acknowledged) + others, "an article was made twice, or of nothing"
        server.stop(signal.SIGTERM)
        if not asked.database:
            sound(os.path.join(own, "copydesk.sqlite"))
        print(f"writes: {written} acknowledged, {kills} kills, {revisions} revisions of {len(acknowledged)} articles, none lost; "
              f"ready again within {slowest:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
