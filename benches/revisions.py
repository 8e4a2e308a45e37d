#!/usr/bin/env python3
"""What a long history costs: reading, saving and publishing a story of 500 revisions, beside one of 5, in the same run.

    benches/revisions.py [BINARY] [--test]

Prints the medians in milliseconds and their ratios. With `--test` none of the ratios may be above 1.2.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "faults"))
from server import Server  # noqa: E402

JSON = {"Content-Type": "application/json"}
ARTICLES = "/api/v1/editor/articles"
SAMPLES = 200
MOST = 1.2


class Story:
    """A story of some 3,500 characters with so many revisions."""

    def __init__(self, server, number, revisions):
        self.server = server
        text = "The ferry left the harbour with every seat taken on a grey morning. " * 5
        body = [{"type": "paragraph", "text": [{"text": f"{at} {text}"}]} for at in range(10)]
        self.take(server.ask("POST", ARTICLES, json.dumps({"headline": f"Story {number}", "body": body}), JSON), 201)
        for at in range(revisions - 1):
            self.save(f"Version {at}.")

    def take(self, answer, expected=200):
        status, headers, body = answer
        assert status == expected, body
        self.path, self.etag = f"{ARTICLES}/{json.loads(body)['id']}", headers["ETag"]

    def read(self):
        self.take(self.server.ask("GET", self.path))

    def save(self, deck):
        self.take(self.server.ask("PATCH", self.path, json.dumps({"deck": deck}), dict(JSON, **{"If-Match": self.etag})))

    def publish(self):
        self.take(self.server.ask("POST", self.path + "/actions/publish", None, {"If-Match": self.etag}))


def timed(work):
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", nargs="?", default="target/release/copydesk")
    parser.add_argument("--test", action="store_true")
    asked = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="copydesk-revisions-")
    server = Server(os.path.abspath(asked.binary), folder)
    try:
        server.hire()
        server.start()
        long = [Story(server, f"long {number}", 500) for number in range(10)]
        short = [Story(server, f"short {number}", 5) for number in range(len(long))]
        took = {}
        # By turns, so that whatever else the machine does is met by both.
        for at in range(SAMPLES):
            for name, story in (("500", long[at % len(long)]), ("5", short[at % len(short)])):
                for what, work in (("read", story.read), ("save", lambda: story.save(f"Sample {at}.")), ("publish", story.publish)):
                    took.setdefault((what, name), []).append(timed(work))
        worst = 0
        for what in ("read", "save", "publish"):
            few, many = (statistics.median(took[what, name]) for name in ("5", "500"))
            worst = max(worst, many / few)
            print(f"{what}: {few:.2f} ms with 5 revisions, {many:.2f} ms with 500, {many / few:.2f} times")
        return 1 if asked.test and worst > MOST else 0
    finally:
        if server.process:
            server.stop(signal.SIGTERM)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
