#!/usr/bin/env python3
"""Clients that are slow on purpose: closed in time, while a normal client is served as ever.

    tests/attacks/slow.py BINARY [--long] [--only KIND]

Four kinds, a quarter of 300 each (of 1,000 in the long form): heads that come byte by byte; bodies that do; second heads on a
connection that was served already; readers that ask for a large answer many times and read nothing. All the while a normal
client asks, and its p99 must be under 100 ms. The server is told to wait 2 s for a head, for more of a
body and for more of an answer to be taken, and 5 s in the long form; each kind must be closed, however much it dribbles, within
those and a grace.

Needs Python 3.9. Exits 1 when something is not as it should be.
"""

import asyncio
import json
import multiprocessing
import resource
import sys
import time

from newsroom import ARTICLES, JSON, Answers, arguments, connect, memory, newsroom

HEAD, BODY, SECOND, READER = "head", "body", "second head", "reader"
KINDS = (HEAD, BODY, SECOND, READER)
HELLO = b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
SMALL = 4096  # what a reader that reads nothing lets come in


class Told:
    """What became of the slow ones of a kind."""

    def __init__(self):
        self.closed, self.open, self.answers = [], 0, {}

    def line(self, kind):
        latest = f"the last after {max(self.closed):.1f} s" if self.closed else "none in time"
        answers = ", ".join(f"{status} x {count}" for status, count in sorted(self.answers.items()))
        return f"  {kind}: {len(self.closed)} closed, {latest}; {self.open} still open" + (f"; answers {answers}" if answers else "")


async def read_all(reader, told):
    """Reads until the end, and counts the answers in it."""
    kept = b""
    try:
        while True:
            got = await reader.read(65536)
            if not got:
                break
            kept += got
    except ConnectionError:
        pass
    for line in kept.split(b"\r\n"):
        if line.startswith(b"HTTP/1.1 "):
            status = line.split(b" ")[1].decode()
            told.answers[status] = told.answers.get(status, 0) + 1


async def dribble(writer, pause):
    """One byte of a header after another, for ever."""
    try:
        while True:
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(pause)
    except ConnectionError:
        pass


async def slow(kind, host, port, token, large, until, told, pause):
    small = {"limit": SMALL} if kind == READER else {}
    reader, writer = await asyncio.open_connection(host, port, **small)
    began, sending = time.monotonic(), None
    try:
        if kind == READER:
            # More than the buffers of both ends hold, so that the server has to wait for us.
            import socket
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
            reader._transport.pause_reading()
            ask = f"GET {large} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
            writer.write(ask * 15)
            while time.monotonic() < until:
                await asyncio.sleep(0.5)
                if gone(writer):
                    told.closed.append(time.monotonic() - began)
                    return
            told.open += 1
            return
        if kind == HEAD:
            writer.write(b"GET /health/live HTTP/1.1\r\nHost: a\r\nX-A: ")
        elif kind == BODY:
            writer.write(f"POST {ARTICLES} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n".encode() + b'{"headline": "')
        else:
            writer.write(HELLO)
            await reader.readuntil(b"}")
            began = time.monotonic()
            writer.write(HELLO[:-2] + b"X-A: ")
        sending = asyncio.ensure_future(dribble(writer, pause))
        await asyncio.wait_for(read_all(reader, told), max(0.1, until - time.monotonic()))
        told.closed.append(time.monotonic() - began)
    except ConnectionError:
        told.closed.append(time.monotonic() - began)
    except asyncio.TimeoutError:
        told.open += 1
    finally:
        if sending:
            sending.cancel()
        writer.transport.abort()


def gone(writer):
    """Whether the other end reset a connection that nobody reads from: the kernel knows (its state is no longer established)."""
    import socket
    one = writer.get_extra_info("socket")
    if one is None or writer.transport.is_closing():
        return True
    info = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 8)
    return info[0] != 1


def normal(address, until, pipe):
    """A client as any other, in a process of its own: it opens a connection each time."""
    taken, wrong = [], []
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            with connect(address) as connection:
                connection.sendall(b"GET /api/v1/articles?limit=5 HTTP/1.1\r\nHost: a\r\n\r\n")
                answer = Answers(connection).next(10)
            if answer is None or answer[0] != 200:
                wrong.append(str(answer)[:60])
        except (OSError, AssertionError) as one:
            wrong.append(repr(one))
        taken.append(time.monotonic() - began)
        time.sleep(0.02)
    pipe.send((sorted(taken), wrong))


async def attack(server, kinds, number, seconds, pause, large):
    host, port = server.address.rsplit(":", 1)
    told = {kind: Told() for kind in kinds}
    until = time.monotonic() + seconds
    here, there = multiprocessing.Pipe()
    client = multiprocessing.Process(target=normal, args=(server.address, until, there), daemon=True)
    client.start()
    slow_ones = []
    for at in range(number):
        kind = kinds[at % len(kinds)]
        slow_ones.append(asyncio.ensure_future(slow(kind, host, port, server.token, large, until, told[kind], pause)))
        if at % 50 == 49:
            await asyncio.sleep(0.05)
    await asyncio.gather(*slow_ones)
    taken, wrong = here.recv()
    client.join()
    return told, taken, wrong


def main():
    parser = arguments(__doc__)
    parser.add_argument("--only", choices=KINDS)
    asked = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    number, seconds, patience = (1000, 60, 5) if asked.long else (300, 12, 2)
    kinds = [asked.only] if asked.only else list(KINDS)
    with newsroom(asked.binary, articles=200, COPYDESK_HTTP_HEAD_SECONDS=str(patience), COPYDESK_HTTP_BODY_IDLE_SECONDS=str(patience),
                  COPYDESK_HTTP_ANSWER_IDLE_SECONDS=str(patience)) as server:
        text = [{"type": "paragraph", "id": f"p{at}", "text": [{"text": "Slow. " * 200}]} for at in range(300)]
        status, _, body = server.ask("POST", ARTICLES, json.dumps({"headline": "Large", "body": text}), JSON)
        assert status == 201, body
        before = memory(server)
        large = f"{ARTICLES}/{json.loads(body)['id']}"
        told, taken, wrong = asyncio.run(attack(server, kinds, number, seconds, patience / 5, large))
        p99, after = taken[int(len(taken) * 0.99)] * 1000, memory(server)
        for kind in kinds:
            print(told[kind].line(kind))
        still = sum(one.open for one in told.values())
        print(f"slow: {number} clients for {seconds} s, {still} not closed; a normal client: {len(taken)} answers, {len(wrong)} wrong, "
              f"p99 {p99:.0f} ms; memory {before:.0f} to {after:.0f} MiB")
        for one in wrong[:3]:
            print(f"  {one}")
        return 1 if still or wrong or p99 >= 100 else 0


if __name__ == "__main__":
    sys.exit(main())
