#!/usr/bin/env python3
"""Media under fire: a server that is killed while files come in, and a disk that is full.

    tests/faults/media.py BINARY [--kills 200] [--disk] [--large] [--samples FOLDER]

Kills: a server is sent SIGKILL at random moments while eight clients upload files, replace them and send them in parts.
After each kill it is started again. At the end every record must have its bytes, whole; nothing half written may be
found; and once everything left behind is two days old, `media gc --remove` must leave what records speak of, and
nothing else.

Disk (needs the right to mount): the data folder is a small tmpfs that fills up. Uploads must be answered 507, reading must
go on, nothing of what was acknowledged may be lost, and uploads must succeed again once there is room.

Large: pictures that are small as files and large in pixels, with alpha and very tall, six at once, and all their renditions
at once. They are taken, refused or answered 503; memory must stay under 600 MB.

Samples: every file below a folder is uploaded, four at a time, and what can be rendered is fetched in every size. Memory must
stay under 600 MB, and `/health/live`, asked all the while, must answer within 100 ms.

Needs Python 3.9 and nothing else. Exits 1 when something is not as it should be.
"""

import argparse
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zlib

from server import Server

def png(seed, side=96):
    """A picture of noise: some 27 KB that nothing else has."""
    rng = random.Random(seed)
    rows = b"".join(b"\0" + rng.randbytes(side * 3) for _ in range(side))
    def chunk(name, data):
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    head = side.to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def plain(width, height, colours, pixel):
    """A PNG of one colour, of the type `colours`, with eight bits a channel: a few hundred KB however large it is."""
    def chunk(name, data):
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, colours, 0, 0, 0])
    packer, row = zlib.compressobj(1), b"\0" + bytes(pixel) * width
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


class Media(Server):
    """A server, and the records of media that it has."""

    def records(self):
        found, cursor = [], ""
        while True:
            status, _, body = self.ask("GET", "/api/v1/editor/media?limit=100" + cursor)
            assert status == 200, body
            page = json.loads(body)
            found += page["items"]
            if not page["next_cursor"]:
                return found
            cursor = "&cursor=" + page["next_cursor"]


class Clients:
    """Clients that upload, replace and send in parts until they are told to stop; what was acknowledged is remembered."""

    def __init__(self, server):
        self.server, self.running, self.lock = server, True, threading.Lock()
        self.acknowledged = {}
        self.count = 0
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(8)]
        for thread in self.threads:
            thread.start()

    def work(self, number):
        rng = random.Random(number)
        while self.running:
            try:
                rng.choice([self.upload, self.upload, self.replace, self.parts])(rng)
            except (OSError, http.client.HTTPException, AttributeError):
                time.sleep(0.02)

    def remember(self, body, picture):
        media = json.loads(body)
        with self.lock:
            self.count += 1
            self.acknowledged[media["id"]] = hashlib.sha256(picture).hexdigest()

    def upload(self, rng):
        picture = png(rng.random())
        status, _, body = self.server.ask("POST", "/api/v1/editor/media", picture, {"Content-Type": "image/png"})
        if status == 201:
            self.remember(body, picture)

    def replace(self, rng):
        with self.lock:
            known = list(self.acknowledged)
        if not known:
            return
        # Each client has some to itself, so that what was acknowledged last is what must be there.
        own = [one for one in known if int(one[-2:], 16) % 8 == int(threading.current_thread().name.split("-")[1].split(" ")[0]) % 8]
        if not own:
            return
        chosen = rng.choice(own)
        status, headers, _ = self.server.ask("GET", f"/api/v1/editor/media/{chosen}")
        if status != 200:
            return
        picture = png(rng.random())
        with self.lock:
            self.acknowledged.pop(chosen, None)
        status, _, body = self.server.ask("PUT", f"/api/v1/editor/media/{chosen}/file", picture,
                                          {"Content-Type": "image/png", "If-Match": headers["ETag"]})
        if status == 200:
            self.remember(body, picture)

    def parts(self, rng):
        picture = png(rng.random())
        tus = {"Tus-Resumable": "1.0.0"}
        status, headers, _ = self.server.ask("POST", "/api/v1/editor/media/uploads", None,
                                             dict(tus, **{"Upload-Length": str(len(picture))}))
        if status != 201:
            return
        path, at = headers["Location"], 0
        while at < len(picture):
            part = picture[at:at + 10_000]
            status, headers, _ = self.server.ask("PATCH", path, part, dict(
                tus, **{"Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}))
            if status != 204:
                return
            at += len(part)
        if headers["Content-Location"]:
            status, _, body = self.server.ask("GET", headers["Content-Location"])
            if status == 200:
                self.remember(body, picture)

    def stop(self):
        self.running = False
        for thread in self.threads:
            thread.join()


def check(server, acknowledged):
    """Every record has its bytes, and what was acknowledged is there."""
    records = {record["id"]: record for record in server.records()}
    for record in records.values():
        status, _, body = server.ask("GET", record["original_url"])
        assert status == 200, f"a record without bytes: {record['id']} {status}"
        assert hashlib.sha256(body).hexdigest() == record["sha256"], f"other bytes: {record['id']}"
    for media, sha256 in acknowledged.items():
        assert media in records, f"lost: {media}"
        assert records[media]["sha256"] == sha256, f"altered: {media}"
    return records


def files(data):
    return [os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(data, "media")) for name in names]


def prepare(binary, data):
    server = Media(binary, data)
    server.command("migrate")
    server.hire("admin")
    return server


def kills(binary, count, folder):
    server = prepare(binary, folder)
    server.start()
    clients = Clients(server)
    rng = random.Random(7)
    for _ in range(count):
        time.sleep(rng.uniform(0.05, 0.4))
        server.stop(signal.SIGKILL)
        server.start()
    clients.stop()
    records = check(server, clients.acknowledged)
    server.stop(signal.SIGTERM)
    # Everything is as if it had been there for two days.
    old = time.time() - 2 * 24 * 3600
    for path in files(folder) + [os.path.join(folder, "spool", name) for name in os.listdir(os.path.join(folder, "spool"))]:
        os.utime(path, (old, old))
    found = server.command("media", "gc").strip().splitlines()[-1]
    server.command("media", "gc", "--remove")
    left = server.command("media", "gc").strip().splitlines()[-1]
    assert left.startswith("0 of "), left
    assert not os.listdir(os.path.join(folder, "spool")), "files that nobody holds"
    half = [path for path in files(folder) if "#" in os.path.basename(path)]
    assert not half, f"half written: {half}"
    server.start()
    check(server, clients.acknowledged)
    server.stop(signal.SIGTERM)
    print(f"kills: {count}, acknowledged: {clients.count}, records: {len(records)}, all whole; gc: {found}")


def disk(binary, folder):
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], capture_output=True).returncode != 0:
        print("skipped: a disk of its own cannot be mounted here")
        return
    try:
        server = prepare(binary, folder)
        server.start()
        acknowledged, full = {}, 0
        for seed in range(400):
            picture = png(seed, 256)
            status, _, body = server.ask("POST", "/api/v1/editor/media", picture, {"Content-Type": "image/png"})
            if status == 201:
                acknowledged[json.loads(body)["id"]] = hashlib.sha256(picture).hexdigest()
            else:
                problem = json.loads(body)
                assert (status, problem["code"]) == (507, "storage_full"), (status, body)
                full += 1
                if full == 3:
                    break
        assert full == 3, "the disk did not fill up"
        check(server, acknowledged)
        status, _, _ = server.ask("GET", "/health/live")
        assert status == 200
        # Room again, without a restart.
        subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True)
        status, _, body = server.ask("POST", "/api/v1/editor/media", png("again", 256), {"Content-Type": "image/png"})
        assert status == 201, body
        check(server, acknowledged)
        server.stop(signal.SIGTERM)
        print(f"disk: {len(acknowledged)} acknowledged before it was full, all whole; 507 three times; then room again")
    finally:
        subprocess.run(["umount", "-l", folder], capture_output=True)


def large(binary, folder):
    kinds = {"RGB": (2, 3), "grey and alpha": (4, 2), "RGBA": (6, 4)}
    sizes = [(20_000, 3333), (30_000, 3333), (1020, 16_383), (6000, 8000)]
    told = {}
    for name, (colours, channels) in kinds.items():
        for width, height in sizes:
            data = os.path.join(folder, f"{colours}-{width}")
            server = prepare(binary, data)
            server.start()
            pictures = [plain(width, height, colours, [shade] * (channels - 1) + [90]) for shade in range(7)]
            large_at_once(server, pictures, told)
            peak = server.peak()
            server.stop(signal.SIGTERM)
            shutil.rmtree(data)
            print(f"large: {name} {width}x{height}: peak {peak} MB", flush=True)
            assert peak < 600, f"{peak} MB"
    assert told.get(201) and told.get(200), told
    print(f"large: {dict(sorted(told.items()))}")


def large_at_once(server, pictures, told):
    """One picture by itself, the others at once, and then renditions of all at once; counts what was answered."""
    addresses, lock, failed = [], threading.Lock(), []

    def upload(picture):
        status, _, body = server.ask("POST", "/api/v1/editor/media", picture, {"Content-Type": "image/png"})
        addresses.extend(rendition["url"] for rendition in json.loads(body).get("renditions", []))
        return status

    def fetch(address):
        return server.ask("GET", address)[0]

    def at_once(what, asked):
        def one(each):
            try:
                status = what(each)
                assert status in (200, 201, 422, 503), status
                with lock:
                    told[status] = told.get(status, 0) + 1
            except Exception as error:  # told by the main thread
                failed.append(error)
        threads = [threading.Thread(target=one, args=(each,)) for each in asked]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]

    upload(pictures[0])
    at_once(upload, pictures[1:])
    at_once(fetch, list(addresses[:24]))


def samples(binary, folder, pictures):
    server = prepare(binary, folder)
    server.start()
    found = [os.path.join(place, name) for place, _, names in os.walk(pictures) for name in names]
    waiting, lock, statuses, slowest, running = list(found), threading.Lock(), {}, [0.0], [True]

    def work():
        while True:
            with lock:
                if not waiting:
                    return
                path = waiting.pop()
            with open(path, "rb") as file:
                status, _, body = server.ask("POST", "/api/v1/editor/media", file.read(),
                                             {"Content-Type": "application/octet-stream"})
            with lock:
                statuses[status] = statuses.get(status, 0) + 1
            assert status in (200, 201, 415, 422), (path, status, body)
            for rendition in json.loads(body).get("renditions", []):
                status, _, _ = server.ask("GET", rendition["url"])
                assert status == 200, (path, rendition, status)

    def ping():
        while running[0]:
            began = time.monotonic()
            status, _, _ = server.ask("GET", "/health/live")
            assert status == 200
            slowest[0] = max(slowest[0], time.monotonic() - began)
            time.sleep(0.01)

    pinging = threading.Thread(target=ping)
    pinging.start()
    failed = []

    def guarded():
        try:
            work()
        except Exception as error:  # told by the main thread
            failed.append(error)

    workers = [threading.Thread(target=guarded) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    running[0] = False
    pinging.join()
    if failed:
        raise failed[0]
    peak = server.peak()
    server.stop(signal.SIGTERM)
    assert peak < 600, f"{peak} MB"
    assert slowest[0] < 0.1, f"/health/live took {slowest[0]:.3f} s"
    print(f"samples: {len(found)} files {dict(sorted(statuses.items()))}; peak {peak} MB; "
          f"/health/live at most {slowest[0] * 1000:.0f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--disk", action="store_true")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--samples")
    asked = parser.parse_args()
    binary = os.path.abspath(asked.binary)
    for run in [lambda folder: asked.kills and kills(binary, asked.kills, folder),
                lambda folder: asked.disk and disk(binary, folder),
                lambda folder: asked.large and large(binary, folder),
                lambda folder: asked.samples and samples(binary, folder, asked.samples)]:
        folder = tempfile.mkdtemp(prefix="copydesk-faults-")
        try:
            run(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
