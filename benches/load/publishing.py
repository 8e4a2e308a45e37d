"""An editor who publishes again and again, and readers who watch that nothing older comes after something newer."""

import asyncio
import json
import threading
import time


class Editor:
    """Publishes one article every so often, on a thread of its own. The deck tells which time it was."""

    def __init__(self, server, article, every=0.2):
        self.server, self.path, self.every = server, f"/api/v1/editor/articles/{article}", every
        self.published = self.begun = 0
        self.failure = None
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.revision = self.server.desk("GET", self.path)["revision"]
        self.once()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()
        assert self.failure is None, self.failure

    def run(self):
        try:
            while not self.stopping.wait(self.every):
                self.once()
        except Exception as failure:
            self.failure = failure

    def once(self):
        self.begun += 1
        deck = {"deck": f"Edition {self.begun}."}
        self.revision = self.server.desk("PATCH", self.path, deck, self.revision)["revision"]
        self.revision = self.server.desk("POST", f"{self.path}/actions/publish", None, self.revision)["revision"]
        # Whoever asks from here on has this one or a newer one.
        self.published = self.begun


class Readers:
    """Ask for one page on connections of their own, all in one thread, so that what one has seen is known to the next."""

    def __init__(self, port, path, editor):
        self.port, self.editor = port, editor
        self.request = f"GET {path} HTTP/1.1\r\nHost: load.example\r\n\r\n".encode()
        self.seen = self.asked = 0
        self.wrong = []

    async def reader(self, end):
        stream, sink = await asyncio.open_connection("127.0.0.1", self.port)
        while time.perf_counter() < end:
            least = max(self.seen, self.editor.published)
            sink.write(self.request)
            head = await stream.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            body = await stream.readexactly(length)
            self.asked += 1
            if not head.startswith(b"HTTP/1.1 200 "):
                self.wrong.append(head.split(b"\r\n")[0])
                continue
            shown = int(json.loads(body)["deck"].split()[1].rstrip("."))
            if shown < least:
                self.wrong.append(f"edition {shown} after edition {least} was seen or announced")
            self.seen = max(self.seen, shown)
        sink.close()

    async def all(self, seconds, connections):
        end = time.perf_counter() + seconds
        await asyncio.gather(*(self.reader(end) for _ in range(connections)))

    def watch(self, seconds, connections):
        asyncio.run(self.all(seconds, connections))
        return self
