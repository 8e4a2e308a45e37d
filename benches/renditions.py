#!/usr/bin/env python3
"""A JPEG of 12 megapixels into six WebP: our CPU time beside that of vipsthumbnail, in the same run.

    benches/renditions.py [BENCHMARK] [SERVER]

Needs `vipsthumbnail` (Debian's libvips-tools), and a release build of the server. Ours is measured twice: as a process from the
file to the files, and as a server from the upload over HTTP to six renditions that are answered, by the CPU time that it
takes meanwhile. User and system time, the least of five runs. Ends with 1 where either is more than 1.5 times that of vips.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "faults"))
import media  # noqa: E402

WIDTHS = [1920, 1280, 960, 640, 320, 160]
MOST = 1.5
RUNS = 5


def built():
    """The path of the benchmark, built for release."""
    command = ["cargo", "build", "--release", "--locked", "--bench", "renditions", "--message-format=json"]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    return next(one["executable"] for one in found if one.get("executable") and one["target"]["name"] == "renditions")


def cpu(*commands):
    """Seconds of CPU that the commands take together."""
    def spent():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = spent()
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return spent() - before


def served(server, picture):
    """Seconds of CPU that a server takes from the upload of a picture to its six renditions."""
    def spent():
        with open(f"/proc/{server.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    before = spent()
    status, _, body = server.ask("POST", "/api/v1/editor/media", picture, {"Content-Type": "image/jpeg"})
    assert status == 201, body
    made = [one for one in json.loads(body)["renditions"] if one["format"] == "webp"]
    assert [one["width"] for one in made] == sorted(WIDTHS)
    for one in made:
        status, _, _ = server.ask("GET", one["url"])
        assert status == 200
    return spent() - before


def main():
    program = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] else built()
    binary = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "target/release/copydesk")
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "source.jpg")
        subprocess.run([program, "--draw", source], check=True)
        ours = [program, "--make", source, folder]
        theirs = [
            ["vipsthumbnail", source, "-s", f"{width}x", "-o", os.path.join(folder, f"vips-{width}.webp[Q=80]")]
            for width in WIDTHS
        ]
        # In turns, so that what else the machine does falls on both.
        times = [(cpu(ours), cpu(*theirs)) for _ in range(RUNS)]
        sizes = [sum(os.path.getsize(os.path.join(folder, f"{prefix}{width}.webp")) for width in WIDTHS) for prefix in ("", "vips-")]
        with open(source, "rb") as file:
            picture = file.read()
        server = media.prepare(binary, os.path.join(folder, "data"))
        server.start()
        # Bytes behind its end make another file of the same picture.
        over_http = min(served(server, picture + bytes([run])) for run in range(RUNS))
        server.stop(signal.SIGTERM)
        megabytes = len(picture) / 1e6
    mine, other = (min(column) for column in zip(*times))
    print(f"source: {megabytes:.1f} MB; renditions: {sizes[0]} bytes, of vips {sizes[1]}")
    print(f"CPU time: {mine:.3f} s, of vips {other:.3f} s; ratio {mine / other:.2f}, at most {MOST}")
    print(f"served: {over_http:.3f} s; ratio {over_http / other:.2f}, at most {MOST}")
    sys.exit(max(mine, over_http) > MOST * other)


if __name__ == "__main__":
    main()
