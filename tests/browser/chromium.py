"""Headless Chromium, spoken to by its DevTools protocol over a pair of pipes, with nothing but Python's own library."""

import base64
import json
import os
import select
import subprocess
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync", "--hide-scrollbars",
         "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe"]
# Seconds that an answer may take.
PATIENCE = 60


class Browser:
    """One page. What it asked for and what went wrong is in `requests` and `errors` since the last `open`."""

    def __init__(self, profile):
        to_read, self.sent = os.pipe()
        self.heard, to_write = os.pipe()
        # Chromium reads from 3 and writes to 4.
        command = ["bash", "-c", f'exec "$@" 3<&{to_read} 4>&{to_write}', "-", "chromium", *FLAGS, f"--user-data-dir={profile}"]
        self.process = subprocess.Popen(command, pass_fds=(to_read, to_write), stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.rest, self.number, self.session = b"", 0, None
        self.requests, self.errors, self.status, self.loaded = [], [], None, False
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    def close(self):
        self.process.terminate()
        self.process.wait()
        os.close(self.sent)
        os.close(self.heard)

    def ask(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.sent, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.hear()
            if answer.get("id") == self.number:
                assert "error" not in answer, (method, answer)
                return answer["result"]
            self.note(answer)

    def hear(self):
        until = time.monotonic() + PATIENCE
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.heard], [], [], max(until - time.monotonic(), 0))
            chunk = os.read(self.heard, 1 << 20) if ready else b""
            assert chunk, "the browser says nothing more"
            self.rest += chunk
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def note(self, event):
        name, told = event.get("method"), event.get("params", {})
        if name == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif name == "Network.responseReceived" and told["type"] == "Document":
            self.status = told["response"]["status"]
        elif name == "Page.loadEventFired":
            self.loaded = True
        elif name == "Runtime.exceptionThrown":
            self.errors.append(told["exceptionDetails"]["text"])
        elif name == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning"):
            self.errors.append(json.dumps(told["args"]))
        elif name == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.errors.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")

    def open(self, url, width=1280, height=900):
        """Goes there, and waits for all its pictures, also those far below."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.requests, self.errors, self.status, self.loaded = [], [], None, False
        answer = self.ask("Page.navigate", url=url)
        assert "errorText" not in answer, (url, answer)
        while not self.loaded:
            self.note(self.hear())
        self.run("""Promise.all([...document.images].map(async (image) => {
            image.loading = "eager";
            image.decoding = "sync";
            await image.decode().catch(() => {});
        })).then(() => true)""")

    def run(self, script):
        """The value of an expression on the page."""
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def photograph(self, file):
        answer = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        with open(file, "wb") as picture:
            picture.write(base64.b64decode(answer["data"]))
