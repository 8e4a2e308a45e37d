#!/usr/bin/env python3
"""SIGTERM under load: what was accepted is answered, whole, and nothing is half done.

    tests/attacks/stop.py BINARY [--long]

Clients ask for articles, write, and upload in small pieces; then the server is told to stop. A request counts as accepted when
the kernel had told its client that the server's end took all of it (nothing is left to be acknowledged) 50 ms before the signal,
and an upload when its head was so: its body goes on after the signal. Each of these must be answered as ever. A client whose
connection was kept alive may be hung up on, but only before any of an answer; one that comes later may be refused. After each
round the server starts again, and every write that was acknowledged must be there; it must have exited with 0 and within its
30 s.

3 rounds, or 50 in the long form, which makes at least 10,000 requests. Needs Python 3.9 and Linux. Exits 1 when something is
not as it should be.
"""

import collections
import json
import random
import re
import signal
import struct
import sys
import threading
import time
import uuid

from newsroom import ARTICLES, Answers, arguments, connect, newsroom

CLIENTS, WRITERS, UPLOADS = 60, 8, 20
SURE = 0.05


def unacknowledged(connection):
    """Bytes that the other end's kernel did not take yet."""
    import fcntl
    return struct.unpack("i", fcntl.ioctl(connection.fileno(), 0x5411, b"\0\0\0\0"))[0]  # SIOCOUTQ


class Round:
    """What the clients of a round saw."""

    def __init__(self, server):
        self.server, self.told_to_stop, self.lock = server, None, threading.Lock()
        self.answered = self.refused = self.in_flight = 0
        self.made, self.wrong = [], []
        self.stopping = threading.Event()

    def judge(self, what, sent, answer, kept_alive, allowed):
        """Called with what came of a request that was wholly sent at `sent`."""
        with self.lock:
            late = self.told_to_stop is not None
            if answer is None:
                if not late or sent < self.told_to_stop - SURE:
                    self.wrong.append(f"{what} sent {(self.told_to_stop or time.monotonic()) - sent:.3f} s before the signal was dropped")
                self.refused += 1
            elif answer[0] not in allowed:
                self.wrong.append(f"{what} was answered {answer[0]} {answer[2][:100]}")
            else:
                self.answered += 1
                self.in_flight += late and sent < self.told_to_stop

    def request(self, what, connection, answers, raw, allowed, kept_alive=True):
        """Sends one and reads its answer; None once the connection is of no more use."""
        try:
            connection.sendall(raw)
            while unacknowledged(connection):
                time.sleep(0.0005)
        except OSError:
            with self.lock:
                self.refused += 1
                if self.told_to_stop is None:
                    self.wrong.append(f"{what} could not be sent before the signal")
            return None
        sent = time.monotonic()
        try:
            answer = answers.next(40)
        except (AssertionError, ValueError, TimeoutError, OSError) as wrong:
            with self.lock:
                self.wrong.append(f"{what} got {wrong}")
            return None
        self.judge(what, sent, answer, kept_alive, allowed)
        return answer

    def reader(self, number):
        rng = random.Random(number)
        paths = ["/api/v1/articles?limit=50", "/api/v1/search?q=the", ARTICLES + "?limit=100", "/feeds/all.rss"]
        while not self.stopping.is_set():
            try:
                connection = connect(self.server.address)
            except OSError:
                return
            with connection:
                answers = Answers(connection)
                for turn in range(20):
                    raw = f"GET {rng.choice(paths)} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.server.token}\r\n\r\n".encode()
                    # What follows on a connection that was served may find it closed: that is how it is told.
                    if self.request("a request" if turn == 0 else "a later request", connection, answers, raw, (200,)) is None or self.stopping.is_set():
                        break
                    time.sleep(0.02)

    def writer(self, number):
        turn = 0
        while not self.stopping.is_set():
            turn += 1
            body = json.dumps({"headline": f"Written {number} {turn}"})
            try:
                with connect(self.server.address) as connection:
                    raw = (f"POST {ARTICLES} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.server.token}\r\nContent-Type: application/json\r\n"
                           f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
                    answer = self.request("a write", connection, Answers(connection), raw, (201, 503), kept_alive=False)
            except OSError:
                return
            if answer and answer[0] == 201:
                with self.lock:
                    self.made.append((json.loads(answer[2])["id"], f"Written {number} {turn}"))
            time.sleep(0.05)

    def upload(self, number):
        """One whose body is still coming when the server is told to stop."""
        text = ("%PDF-1.4\n%" + f"{number}-{uuid.uuid4()}".ljust(40_000, "x") + "\n%%EOF\n").encode()
        try:
            with connect(self.server.address, timeout=40) as connection:
                head = (f"POST /api/v1/editor/media HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.server.token}\r\nContent-Type: application/pdf\r\n"
                        f"Content-Length: {len(text)}\r\n\r\n").encode()
                connection.sendall(head + text[:100])
                sent = time.monotonic()
                for at in range(100, len(text), 4000):
                    time.sleep(0.15 if number % 2 else 0.08)
                    connection.sendall(text[at:at + 4000])
                answer = Answers(connection).next(40)
        except (OSError, AssertionError) as wrong:
            with self.lock:
                self.wrong.append(f"an upload got {wrong!r}")
            return
        self.judge("an upload", sent, answer, False, (201,))


def play(server, wait):
    one = Round(server)
    threads = [threading.Thread(target=one.reader, args=(number,)) for number in range(CLIENTS)]
    threads += [threading.Thread(target=one.writer, args=(number,)) for number in range(WRITERS)]
    threads += [threading.Thread(target=one.upload, args=(number,)) for number in range(UPLOADS)]
    for thread in threads:
        thread.start()
    time.sleep(wait)
    with one.lock:
        one.told_to_stop = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
    one.stopping.set()
    for thread in threads:
        thread.join(60)
    if any(thread.is_alive() for thread in threads):
        one.wrong.append("a client hangs")
    try:
        code = server.process.wait(40)
        took = time.monotonic() - one.told_to_stop
        if code != 0:
            one.wrong.append(f"the server exited with {code}")
    except Exception:
        one.wrong.append("the server does not stop")
        server.stop(signal.SIGKILL)
        took = 40
    server.start()
    for article, headline in one.made:
        status, _, body = server.ask("GET", f"{ARTICLES}/{article}")
        if status != 200 or json.loads(body)["headline"] != headline:
            one.wrong.append(f"an acknowledged article is not there: {status}")
    return one, took


def main():
    asked = arguments(__doc__).parse_args()
    rounds, total, in_flight, made, refused, wrong, slowest = 50 if asked.long else 3, 0, 0, 0, 0, [], 0
    rng = random.Random(1)
    with newsroom(asked.binary, articles=200) as server:
        done = 0
        while done < rounds or (asked.long and total < 10_000):
            done += 1
            one, took = play(server, rng.uniform(0.8, 1.4))
            total, in_flight, made, refused = total + one.answered, in_flight + one.in_flight, made + len(one.made), refused + one.refused
            wrong += one.wrong
            slowest = max(slowest, took)
    kinds = collections.Counter(re.sub(r"[0-9.]+ s ", "", one) for one in wrong)
    for kind, count in kinds.most_common(20):
        print(f"  {count} x {kind}")
    print(f"stop: {done} rounds, {total} answered, {in_flight} of them in flight at the signal, {refused} hung up on, {made} writes kept, "
          f"stopped within {slowest:.1f} s; {len(wrong)} wrong")
    return 1 if wrong or not in_flight else 0


if __name__ == "__main__":
    sys.exit(main())
