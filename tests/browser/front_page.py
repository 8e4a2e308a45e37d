#!/usr/bin/env python3
"""A front page in headless Chromium: the demo's lead photographs, chosen by the browser from `srcset`, with caption and credit.

    tests/browser/front_page.py BINARY [--screenshot FILE]

Starts the demo in a folder of its own, and beside it a page server that hands `/api` and `/media` on to it, so that page
and pictures have one origin. Needs Python 3.9 and `chromium`; everything listens on the loopback and is stopped by its
process id. Exits 1 when a picture is not as the API says.
"""

import argparse
import http.client
import http.server
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "front-page.html")
# Seconds that a browser may take.
PATIENCE = 90
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--window-size=900,2400"]


def start(binary, data, listen="127.0.0.1:0"):
    # One address asks for everything, as one editor.
    env = dict(os.environ, COPYDESK_DATA=data, COPYDESK_LISTEN=listen, COPYDESK_LOG_FORMAT="json",
               COPYDESK_LIMITS_MISSES="0", COPYDESK_LIMITS_SEARCHES="0", COPYDESK_LIMITS_WRITES="0")
    process = subprocess.Popen([binary, "demo"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        entry = json.loads(line) if line.startswith("{") else {}
        if entry.get("message") == "Serving":
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return process, entry["address"]
    raise SystemExit("the demo did not start")


def serve(address, told):
    """Serves the page, hands on what it asks for, and puts what it tells into the queue."""
    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/":
                with open(PAGE, "rb") as page:
                    return self.answer(200, "text/html", page.read())
            connection = http.client.HTTPConnection(address, timeout=30)
            connection.request("GET", self.path, headers={"Accept": self.headers.get("Accept", "*/*")})
            answer = connection.getresponse()
            self.answer(answer.status, answer.headers.get("Content-Type", "text/plain"), answer.read())
            connection.close()

        def do_POST(self):
            told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.answer(200, "text/plain", b"")

        def answer(self, status, kind, body):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}/"


def browse(url, profile, told):
    """What the page tells once it has its pictures."""
    browser = subprocess.Popen(["chromium", *FLAGS, f"--user-data-dir={profile}", "--remote-debugging-port=0", url],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return told.get(timeout=PATIENCE)
    except queue.Empty:
        raise SystemExit(f"the page told nothing within {PATIENCE} s") from None
    finally:
        browser.terminate()
        browser.wait()


def photograph(url, profile, file):
    subprocess.run(["chromium", *FLAGS, f"--user-data-dir={profile}", "--virtual-time-budget=20000",
                    f"--screenshot={os.path.abspath(file)}", url], capture_output=True, timeout=PATIENCE)


def check(told, articles):
    leads = {one["short_id"]: one["lead_media"] for one in articles if one["lead_media"]}
    assert told and len(told) == len(leads), (told, list(leads))
    for picture in told:
        lead = leads[picture["article"]]
        offered = {one["url"].split("?")[0]: one["width"] for one in lead["media"]["renditions"] if one["format"] == "webp"}
        assert picture["source"] in offered, f"not from srcset: {picture['source']}"
        # The natural width of a picture chosen by `sizes` is in CSS pixels; its candidate tells the rest.
        assert picture["width"] > 0, picture
        enough = min(width for width in offered.values() if width >= picture["shown"])
        assert offered[picture["source"]] == enough, (picture, enough)
        for field in ("alt", "caption", "credit"):
            assert lead[field] and picture[field] == lead[field], (field, picture)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--screenshot")
    asked = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="copydesk-browser-")
    process, address = start(os.path.abspath(asked.binary), os.path.join(folder, "data"))
    try:
        answers = queue.Queue()
        url = serve(address, answers)
        told = browse(url, os.path.join(folder, "profile"), answers)
        connection = http.client.HTTPConnection(address, timeout=30)
        connection.request("GET", "/api/v1/articles?limit=100")
        check(told, json.loads(connection.getresponse().read())["items"])
        if asked.screenshot:
            photograph(url, os.path.join(folder, "profile"), asked.screenshot)
        print(f"front page: {len(told)} lead photographs from srcset, with caption and credit")
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
