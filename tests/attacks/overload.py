#!/usr/bin/env python3
"""Far more than the server can do: who is refused is told so soon, and all is as before when it is over.

    tests/attacks/overload.py BINARY [--long] [--patience TIMES] [--defect unbounded|silent|small]

Many clients on connections that they keep ask one thing after another for 5 s (60 s in the long form), a quarter each: lists that
are not kept ready, searches, logins (half of them with a wrong password) and new articles. There are several times as many of
them as requests are worked on at once (`http.max_at_work`), and whoever is refused asks again a moment later. Then:

- every answer is the right one, or 503 with `Retry-After` (or 429, with the same), and most refusals come soon;
- health is answered all the while, and what is kept ready is right or refused in the same way;
- each article that was acknowledged is there, and no other;
- the server never had more than 512 MiB;
- within 5 s after the end fifty requests take, by their median, at most twice what they took before.

`--patience` gives so many times as long where time is judged, to a machine that others use, too.

The defects: a server without a bound on requests at work; a client that does not see `Retry-After`; a bound on memory that no
server keeps. The run must fail with each.

Needs Python 3.9. Exits 1 when something is not as it should be.
"""

import asyncio
import json
import multiprocessing
import random
import resource
import statistics
import sys
import threading
import time

from newsroom import ARTICLES, JSON, PASSWORD, arguments, hire, newsroom

PROCESSES = 2
MOST_MEMORY = 512  # MiB
IDLE = 15  # seconds without a request, after which a connection is ended (docs/API-DESIGN.md)
REFUSED_WITHIN = 2.5  # seconds, by the median
LIST, SEARCH, LOGIN, WRITE = "list", "search", "login", "write"
KINDS = (LIST, SEARCH, LOGIN, WRITE)
WORDS = "harbour ferry council budget storm match river school market bridge".split()
# Another account than the writers': nobody has more than 100 sessions.
VISITOR = "visitor@newsroom.example"
KEPT = "/api/v1/articles?limit=7"


def request(method, path, headers=(), body=b""):
    lines = [f"{method} {path} HTTP/1.1", "Host: a", *headers]
    if method == "POST":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def ask(kind, mark, token, rng):
    """The bytes of a request that nobody asked before."""
    if kind == LIST:
        moment = f"20{rng.randrange(30, 99)}-{rng.randrange(1, 13):02}-01T00:00:00.{rng.randrange(1000):03}Z"
        return request("GET", f"/api/v1/articles?limit=50&published_before={moment}")
    if kind == SEARCH:
        return request("GET", f"/api/v1/search?q={rng.choice(WORDS)}+{rng.choice(WORDS)}&published_before=20{rng.randrange(30, 99)}-01-01T00:00:00.{rng.randrange(1000):03}Z")
    if kind == LOGIN:
        return request("POST", "/api/v1/auth/login", body=json.dumps({"email": VISITOR, "password": PASSWORD + " no" * (mark % 2)}).encode())
    return request("POST", ARTICLES, [f"Authorization: Bearer {token}"], json.dumps({"headline": f"Overload {mark}"}).encode())


def right(kind, mark, status, body):
    """Whether it is the answer to that; what it made."""
    if kind in (LIST, SEARCH):
        return status == 200 and isinstance(json.loads(body)["items"], list), None
    if kind == LOGIN:
        return (status == 401 and json.loads(body)["code"] == "unauthenticated" if mark % 2 else status == 200 and json.loads(body)["access_token"] != ""), None
    article = json.loads(body)
    return status == 201 and article["headline"] == f"Overload {mark}", article.get("id")


class Tally:
    """What answers there were."""

    def __init__(self, silent):
        self.idle = 0
        self.silent, self.served, self.refused, self.waits, self.made, self.wrong = silent, {}, {}, [], [], []

    def count(self, kind, mark, answer, took):
        status, headers, body = answer
        if status in (503, 429):
            self.refused[status] = self.refused.get(status, 0) + 1
            self.waits.append(took)
            wait = None if self.silent else headers.get("retry-after")
            if wait is None or not wait.isdigit() or int(wait) < 1 or headers.get("content-type") != "application/problem+json":
                self.wrong.append(f"{kind}: {status} that does not say when to ask again: {headers}")
            return False
        try:
            good, made = right(kind, mark, status, body)
        except (ValueError, KeyError):
            good, made = False, None
        self.served[kind] = self.served.get(kind, 0) + 1
        if made:
            self.made.append(made)
        if not good:
            self.wrong.append(f"{kind}: {status} {body[:200]}")
        return True


async def answer_of(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:] if line)}
    return int(lines[0].split(" ")[1]), headers, await reader.readexactly(int(headers["content-length"]))


async def client(number, host, port, token, until, tally):
    rng, turn, writer, began = random.Random(number), 0, None, None
    await asyncio.sleep(rng.random())
    while time.monotonic() < until:
        kind, mark = KINDS[number % len(KINDS)], number * 1_000_000 + turn
        turn += 1
        try:
            if writer is None:
                reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 30)
                began = None
            before, began = began, time.monotonic()
            writer.write(ask(kind, mark, token, rng))
            answer = await asyncio.wait_for(answer_of(reader), 30)
        except Exception as gone:  # nobody is to be hung up on, or left without an answer
            writer = None
            # But for who asked nothing for so long that the server was about to end the connection.
            if before and time.monotonic() - before >= IDLE and isinstance(gone, (asyncio.IncompleteReadError, ConnectionError)):
                tally.idle += 1
                continue
            tally.wrong.append(f"{kind}: no answer: {gone!r}")
            continue
        if not tally.count(kind, mark, answer, time.monotonic() - began):
            await asyncio.sleep(0.05 + rng.random() / 10)
        if answer[1].get("connection") == "close":
            writer.close()
            writer = None
    if writer:
        writer.close()


def clients(numbers, address, token, until, silent, pipe):
    """So many clients, in a process of their own."""
    host, port = address.rsplit(":", 1)
    tally = Tally(silent)

    async def all_of_them():
        await asyncio.gather(*(client(number, host, int(port), token, until, tally) for number in numbers))

    asyncio.run(all_of_them())
    pipe.send((tally.served, tally.refused, tally.waits, tally.made, tally.wrong[:50], len(tally.wrong), tally.idle))


class Watcher(threading.Thread):
    """Asks for what has to be answered whatever goes on."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.running, self.times, self.wrong, self.refused = server, True, [], [], 0

    def run(self):
        while self.running:
            for path in ("/health/live", KEPT):
                began = time.monotonic()
                try:
                    status, headers, _ = self.server.ask("GET", path, token=False)
                    # After each write it takes a question to the database to know that what is kept is good still.
                    refused = path == KEPT and status == 503 and headers["Retry-After"]
                    self.refused += bool(refused)
                    if status != 200 and not refused:
                        self.wrong.append(f"{path}: {status} while others were refused")
                except OSError as gone:
                    self.wrong.append(f"{path}: {gone!r}")
                self.times.append(time.monotonic() - began)
            time.sleep(0.1)


def median(server, turn):
    """What a request takes: of fifty that nobody asked before."""
    took = []
    for number in range(50):
        began = time.perf_counter()
        status = server.ask("GET", f"/api/v1/articles?limit=50&published_after=19{turn % 30 + 60}-01-01T00:00:{number:02}.{turn:03}Z", token=False)[0]
        took.append(time.perf_counter() - began)
        assert status == 200, status
    return statistics.median(took)


def overload(server, number, seconds, silent):
    """All of the clients at once; what each process counted, together."""
    until, running, together = time.monotonic() + seconds + 1, [], Tally(silent)
    wrong = 0
    for process in range(PROCESSES):
        here, there = multiprocessing.Pipe(duplex=False)
        one = multiprocessing.Process(target=clients, args=(range(process + 1, number + 1, PROCESSES), server.address, server.token, until, silent, there), daemon=True)
        one.start()
        running.append((one, here))
    for one, here in running:
        served, refused, waits, made, some, many, idle = here.recv()
        one.join()
        wrong += many
        together.idle += idle
        together.waits += waits
        together.made += made
        together.wrong += some
        for into, what in ((together.served, served), (together.refused, refused)):
            for key, count in what.items():
                into[key] = into.get(key, 0) + count
    return together, wrong


def recovered(server, before, patience):
    """Seconds until it is as fast as before; None where it is not in time."""
    ended = time.monotonic()
    for turn in range(100, 900):
        after = median(server, turn)
        if after <= 2 * patience * before:
            return time.monotonic() - ended, after
        if time.monotonic() - ended > 5 * patience:
            return None, after
    return None, after


def kept(server):
    """The articles that were made meanwhile and are there."""
    found, cursor = set(), ""
    while cursor is not None:
        status, _, body = server.ask("GET", f"{ARTICLES}?limit=100{cursor}")
        assert status == 200, body
        page = json.loads(body)
        found |= {article["id"] for article in page["items"] if article["headline"].startswith("Overload ")}
        cursor = page["next_cursor"] and "&cursor=" + page["next_cursor"]
    return found


def judge(wrong, tally, watcher, server, found, bound, patience, is_small):
    """What is not as it should be, beside single answers. A server that takes few at once has to refuse most."""
    if sum(tally.refused.values()) < (sum(tally.served.values()) if is_small else 1):
        wrong.append(f"it was hardly overloaded: {tally.refused} refused")
    if tally.waits and statistics.median(tally.waits) > REFUSED_WITHIN * patience:
        wrong.append(f"it takes {statistics.median(tally.waits):.2f} s to be refused")
    if set(tally.made) - found:
        wrong.append(f"{len(set(tally.made) - found)} acknowledged articles are not there")
    if len(found) > len(tally.made):
        wrong.append(f"{len(found) - len(tally.made)} articles are there whose writers were told that they are not")
    if server.peak() >= bound:
        wrong.append(f"it had {server.peak()} MiB in memory")
    wrong += watcher.wrong[:3]


def main():
    parser = arguments(__doc__)
    parser.add_argument("--defect", choices=["unbounded", "silent", "small"], help="what must be found wrong")
    parser.add_argument("--patience", type=float, default=1)
    asked = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384), hard))
    # As many at once as a server takes by itself; and few, by which seconds of clients who share two processors with it overload a fast one, too.
    limits = ["100000"] if asked.defect == "unbounded" else [None] if asked.long else [None, "8"]
    return max(loaded(asked, at_work) for at_work in limits)


def loaded(asked, at_work):
    """One server under all of it; 1 where something is wrong."""
    seconds, number = (60, 3000) if asked.long else (5, 2000)
    # Clients share the machine with the server, and one that is late with its head by that is not the server's fault.
    settings = {"COPYDESK_HTTP_HEAD_SECONDS": "30"} | ({"COPYDESK_HTTP_MAX_AT_WORK": at_work} if at_work else {})
    with newsroom(asked.binary, articles=2000 if asked.long else 500, **settings) as server:
        hire(server, "visitor", "contributor")
        before = statistics.median(median(server, turn) for turn in range(3))
        watcher = Watcher(server)
        watcher.start()
        tally, many = overload(server, number, seconds, asked.defect == "silent")
        watcher.running = False
        watcher.join()
        back, after = recovered(server, before, asked.patience)
        wrong = tally.wrong[:10]
        judge(wrong, tally, watcher, server, kept(server), 50 if asked.defect == "small" else MOST_MEMORY, asked.patience, at_work or asked.long)
        if back is None:
            wrong.append(f"a request takes {after * 1000:.1f} ms five seconds later, and took {before * 1000:.1f}")
        for one in wrong:
            print("  " + one)
        served = ", ".join(f"{count} x {kind}" for kind, count in sorted(tally.served.items()))
        refused = ", ".join(f"{count} x {status}" for status, count in sorted(tally.refused.items()))
        waits = f"{statistics.median(tally.waits) * 1000:.0f} ms" if tally.waits else "none"
        print(f"overload: {number} clients for {seconds} s: served {served}; refused {refused} (median {waits}), {many} wrong answers, {tally.idle} ended when idle; another was refused "
              f"{watcher.refused} of {len(watcher.times)} times and waited {max(watcher.times):.2f} s at most; {server.peak()} MiB; median {before * 1000:.1f} ms before and {after * 1000:.1f} ms after "
              f"{'more than 5' if back is None else f'{back:.1f}'} s; {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
