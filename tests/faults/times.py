#!/usr/bin/env python3
"""Times under fire: many stories that are due in one second, and a process that is killed at it.

    tests/faults/times.py BINARY [--stories 200] [--database URL]

Two processes on one PostgreSQL, or one on SQLite where no database is given. All stories are due at one second. With two
processes, one is sent SIGKILL at that second. Every story must go live exactly once, none before its time, the slowest
within two seconds; with one process, the first within half a second.

Needs Python 3.9, and psql for a PostgreSQL. Exits 1 when something is not as it should be.
"""

import argparse
import concurrent.futures
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone

from server import Server

JSON = {"Content-Type": "application/json"}
ARTICLES = "/api/v1/editor/articles"
LIVE = "/api/v1/articles?limit=1&count=true"
ALL_LIVE = "select count(*), count(distinct article_id) from editions"


def plan(server, number, at):
    """A story that goes live at a second."""
    story = {"headline": f"Story {number}", "body": [{"type": "paragraph", "text": [{"text": f"Text {number}."}]}]}
    status, headers, body = server.ask("POST", ARTICLES, json.dumps(story), JSON)
    assert status == 201, body
    article = json.loads(body)["id"]
    moment = datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    status, _, body = server.ask("POST", f"{ARTICLES}/{article}/actions/schedule", json.dumps({"publish_at": moment}),
                                 dict(JSON, **{"If-Match": headers["ETag"]}))
    assert status == 200, body
    return article


def live(server):
    status, _, body = server.ask("GET", LIVE, token=False)
    assert status == 200, body
    return json.loads(body)["total"]


def watch(server, stories, at, to_kill):
    """Looks until all are live, and kills a process when they are due. Seconds after which the first and all were seen."""
    first = None
    while True:
        seen, now = live(server), time.time()
        # What was seen was so before the clock was read.
        assert not seen or now >= at, "a story was live before its time"
        if seen and first is None:
            first = now - at
        if to_kill and now >= at + 0.02:
            to_kill.stop(signal.SIGKILL)
            to_kill = None
        if seen >= stories:
            return first, now - at
        assert now < at + 30, f"{seen} of {stories} are live after 30 s"
        time.sleep(0.005)


def late(server, article, at):
    """Seconds after its time at which a story went live."""
    status, _, body = server.ask("GET", f"/api/v1/articles/{article}", token=False)
    assert status == 200, body
    moment = json.loads(body)["published_at"].replace("Z", "+00:00")
    return datetime.fromisoformat(moment).timestamp() - at


def editions(folder, database):
    if database:
        told = subprocess.run(["psql", database, "-At", "-F", " ", "-c", ALL_LIVE], capture_output=True, text=True, check=True)
        return [int(number) for number in told.stdout.split()]
    with sqlite3.connect(os.path.join(folder, "copydesk.sqlite")) as opened:
        return list(opened.execute(ALL_LIVE).fetchone())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--stories", type=int, default=200)
    parser.add_argument("--database", help="a PostgreSQL that is empty; SQLite unless given")
    asked = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="copydesk-faults-")
    number = 2 if asked.database else 1
    servers = [Server(os.path.abspath(asked.binary), folder, asked.database) for _ in range(number)]
    try:
        servers[0].hire()
        for server in servers:
            server.start()
        at = int(time.time()) + 4 + asked.stories // 50
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            stories = list(pool.map(lambda one: plan(servers[0], one, at), range(asked.stories)))
        assert time.time() < at - 0.5, "the stories were not written in time"
        first, all_seen = watch(servers[0], asked.stories, at, servers[1] if asked.database else None)
        delays = sorted(late(servers[0], article, at) for article in stories)
        servers[0].stop(signal.SIGTERM)
        assert editions(folder, asked.database) == [asked.stories] * 2, "a story went live more than once"
        assert delays[0] >= 0, f"a story went live {-delays[0]:.3f} s before its time"
        assert max(delays[-1], all_seen) < 2, f"the slowest went live after {delays[-1]:.3f} s, and was seen after {all_seen:.3f} s"
        assert asked.database or first < 0.5, f"the first was seen after {first:.3f} s"
        print(f"times: {asked.stories} stories live once each, the first seen after {first:.3f} s, all after {all_seen:.3f} s, "
              f"{number} processes" + (", one killed at that second" if asked.database else ""))
    finally:
        for server in servers:
            if server.process and server.process.poll() is None:
                server.stop(signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
