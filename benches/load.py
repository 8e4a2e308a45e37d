#!/usr/bin/env python3
"""Measures requests per second, latency and memory of the release server over a generated newsroom.

    cargo build --release && benches/load.sh [--articles 20000]    each kind of read beside a bare handler, in the same run
    benches/load.sh --apart             the same, but half of the cores answer and the others ask, as in all that follows
    benches/load.sh --scale 1000000     a newsroom of 1,000 articles beside one of so many: what size costs
    benches/load.sh --publish           readers while an editor publishes every 0.2 s
    benches/load.sh --sizes             what the database file is made of
    benches/load.sh --test              all of it in small, with wide bounds, for .ci/run

Needs Python 3.9, wrk, and sqlite3 with dbstat for --sizes. wrk makes little work of each request, which matters where it shares the
cores with what it measures. Everything is asked over 32 connections, after a warm-up, in rounds that alternate, of which
the median is taken. Generated newsrooms stay in --folder, where the next run finds them.
"""

import argparse
import pathlib
import shutil
import sqlite3
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "load"))

from publishing import Editor, Readers
from servers import CONNECTIONS, TARGET, Bare, Server, built, load, newsroom, share_cores, takes_cache_key

HALF, RARE = "lanternwick", "quillwater"
LIST = "/api/v1/articles"
DEEP = 50_000
WARM_UP = 1
# What an article is held to beside a handler that sends the same bytes, head and all: times its requests a second, with answers kept ready and with none,
# and times its p99, with answers kept.
KEPT, NOT_KEPT, KEPT_P99 = 0.90, 0.35, 1.3
# What --scale holds: times of p99, times of p99 of a rare word, milliseconds of a common one, megabytes, KiB an article.
GROWTH, RARE_GROWTH, COMMON, MEMORY, SIZE = 1.5, 2.0, 20.0, 400, 20.0
SCALE_FROM = 1_000
# Stories of a page, and the search that finds more of them than the small newsroom has.
PAGE = 20
EMPTY = "search, a word of no story of the small one"


class Reads:
    """The kinds of read of a newsroom: name, paths that are asked in turn, headers."""

    def __init__(self, server):
        items = server.json(f"{LIST}?limit=100")["items"]
        articles = [f"{LIST}/{item['id']}" for item in items]
        _, headers, _ = server.ask("GET", articles[0])
        self.depth, deep = self.far_down(server)
        self.all = {
            "article": (articles, {}),
            "newest list": ([LIST], {}),
            "section list": ([f"{LIST}?section=world"], {}),
            f"page {self.depth} deep": ([deep], {}),
            "search, a rare word": ([f"/api/v1/search?q={RARE}"], {}),
            "search, half of all": ([f"/api/v1/search?q={HALF}"], {}),
            "304 of an article": (articles[:1], {"If-None-Match": headers["ETag"]}),
        }
        for name, (paths, _) in list(self.all.items()):
            status, _, body = server.ask("GET", paths[0])
            if status == 404 and name.startswith("search"):
                print(f"SKIPPED: {name}: there is no {paths[0]}")
                del self.all[name]
            else:
                assert status == 200, (paths[0], status, body)

    @staticmethod
    def far_down(server):
        """How deep the deepest page is that is asked for, and its path."""
        depth, path = 0, LIST
        while depth < DEEP:
            page = server.json(f"{path}{'&' if '?' in path else '?'}limit=100")
            cursor = page["next_cursor"]
            if cursor is None:
                break
            depth, path = depth + 100, f"{LIST}?cursor={cursor}"
        return depth, path


def as_rare(server, matches):
    """A word of the newsroom's headlines that is in about so many stories."""
    def distance(word):
        return abs(server.json(f"/api/v1/search?q={word}&limit=1")["total"]["value"] - matches)

    items = server.json(f"{LIST}?limit=100")["items"]
    words = {word for item in items for word in item["headline"].lower().split() if word.isascii() and word.isalpha()}
    return min(sorted(words), key=distance)


class Bounds:
    """What was held to a bound, and what of it missed that."""

    def __init__(self):
        self.missed = []

    def at_most(self, what, value, bound):
        self.tell(what, value, bound, value <= bound)

    def at_least(self, what, value, bound):
        self.tell(what, value, bound, value >= bound)

    def tell(self, what, value, bound, is_met):
        print(f"{what:<44}{value:>8.2f}  bound {bound:g}{'' if is_met else '  MISSED'}", flush=True)
        if not is_met:
            self.missed.append(what)


class Figures:
    """What several rounds gave, at the median."""

    def __init__(self):
        self.rounds = []

    def add(self, port, reads, seconds, folder):
        self.rounds.append(load(port, reads[0], seconds, folder, reads[1]))

    def of(self, at):
        return statistics.median(one[at] for one in self.rounds)

    rate = property(lambda self: self.of(0))
    p50 = property(lambda self: self.of(1))
    p99 = property(lambda self: self.of(2))
    wrong = property(lambda self: sum(one[3] for one in self.rounds))


def models(server, reads):
    """What a bare handler has to answer: status, headers, and the body of each path."""
    answers = [server.ask("GET", path, None, reads[1]) for path in reads[0]]
    status, headers, _ = answers[0]
    return status, headers, {path: body.decode() for path, (_, _, body) in zip(reads[0], answers)}


HEADER = f"{'':<26}{'req/s':>9}{'p50 ms':>8}{'p99 ms':>8}{'MB':>6}   {'bare':>9}{'p50':>7}{'p99':>7}{'MB':>6}   {'req/s':>6}{'p50':>7}{'p99':>7}{'MB':>6}"


def beside_bare(name, server, reads, options, executable, folder, with_head=False):
    """A row of the table: ours, the bare handler, and each figure as a ratio. The bare handler is asked for the same, and sends the bodies alone or a head
    as ours, too."""
    status, headers, bodies = models(server, reads)
    bare = Bare(executable, folder, bodies, headers["Content-Type"], status, headers.items() if with_head else ())
    ours, theirs = Figures(), Figures()
    try:
        load(bare.port, reads[0], WARM_UP, folder, reads[1])
        load(server.port, reads[0], WARM_UP, folder, reads[1])
        for _ in range(options.rounds):
            theirs.add(bare.port, reads, options.seconds, folder)
            ours.add(server.port, reads, options.seconds, folder)
        own, other = server.memory(), bare.memory()
    finally:
        bare.stop()
    print(
        f"{name:<26}{ours.rate:>9.0f}{ours.p50:>8.2f}{ours.p99:>8.2f}{own:>6.0f}   "
        f"{theirs.rate:>9.0f}{theirs.p50:>7.2f}{theirs.p99:>7.2f}{other:>6.0f}   "
        f"{ours.rate / theirs.rate:>6.2f}{ours.p50 / theirs.p50:>7.1f}{ours.p99 / theirs.p99:>7.1f}{own / other:>6.1f}",
        flush=True,
    )
    assert ours.wrong == theirs.wrong == 0, f"{name}: {ours.wrong} and {theirs.wrong} answers were none, or no good ones"
    return ours, theirs, own


def kinds(data, options, folder):
    """Every kind of read beside a bare handler."""
    executable = built()
    print("\n" + HEADER)
    cached = takes_cache_key(data)
    found = {}
    server = Server(data)
    try:
        reads = Reads(server)
        for name, one in reads.all.items():
            found[name] = beside_bare(name, server, one, options, executable, folder)
        found["article, same head"] = beside_bare("article, same head", server, reads.all["article"], options, executable, folder, True)
        with Editor(server, reads.all["article"][0][0].rsplit("/", 1)[1]):
            name = "article, with publishes"
            found[name] = beside_bare(name, server, reads.all["article"], options, executable, folder)
        articles, newest = reads.all["article"], reads.all["newest list"]
    finally:
        server.stop()
    if cached:
        server = Server(data, cache_mb=0)
        try:
            for name, one, with_head in (
                ("article, cache off", articles, False),
                ("same head, cache off", articles, True),
                ("newest list, cache off", newest, False),
            ):
                found[name] = beside_bare(name, server, one, options, executable, folder, with_head)
        finally:
            server.stop()
        # Not even what was made of editions.
        server = Server(data, cache_mb=0, editions_mb=0)
        try:
            name = "article, nothing kept"
            found[name] = beside_bare(name, server, articles, options, executable, folder)
        finally:
            server.stop()
    else:
        print("SKIPPED: article, cache off: the server knows no delivery.cache_mb; all of the above is without a cache")
    return found


def beside_the_same_bytes(found):
    """What of an article missed its bounds."""
    bounds = Bounds()
    print()
    ours, theirs, _ = found["article, same head"]
    bounds.at_least("article, the same bytes: times req/s", ours.rate / theirs.rate, KEPT)
    bounds.at_most("article, the same bytes: times p99", ours.p99 / theirs.p99, KEPT_P99)
    if "same head, cache off" in found:
        ours, theirs, _ = found["same head, cache off"]
        bounds.at_least("the same, cache off: times req/s", ours.rate / theirs.rate, NOT_KEPT)
    return bounds.missed


def publish(data, options, folder):
    """Readers while an editor publishes: how long they wait, whether any failed, and whether any saw an older page after a newer."""
    server = Server(data)
    try:
        article = server.json(f"{LIST}?limit=1")["items"][0]["id"]
        path = f"{LIST}/{article}"
        load(server.port, [path], WARM_UP, folder)
        quiet, busy = Figures(), Figures()
        for _ in range(options.rounds):
            quiet.add(server.port, ([path], {}), options.seconds, folder)
            with Editor(server, article) as editor:
                busy.add(server.port, ([path], {}), options.seconds, folder)
        with Editor(server, article) as editor:
            readers = Readers(server.port, path, editor).watch(options.seconds * options.rounds, CONNECTIONS)
    finally:
        server.stop()
    print(f"\nreaders, quiet:             {quiet.rate:>8.0f} req/s, p50 {quiet.p50:.2f} ms, p99 {quiet.p99:.2f} ms")
    print(f"readers, a publish each 0.2 s: {busy.rate:>5.0f} req/s, p50 {busy.p50:.2f} ms, p99 {busy.p99:.2f} ms")
    print(f"p99 while publishing: {busy.p99 / quiet.p99:.2f} times the quiet one (bound 3)")
    print(f"{readers.asked} pages read while {editor.published} editions came: {len(readers.wrong)} wrong {readers.wrong[:3]}")
    assert not readers.wrong and quiet.wrong == busy.wrong == 0, "a reader failed, or saw an older page after a newer"
    return busy.p99 / quiet.p99


def size_of(data):
    return (data / "copydesk.sqlite").stat().st_size


def sizes(data, articles):
    """The bytes of each table and index, an article."""
    db = sqlite3.connect(data / "copydesk.sqlite")
    print(f"\n{size_of(data) / articles / 1024:.1f} KiB an article, of {articles}")
    query = "select name, sum(pgsize), sum(unused), sum(payload) from dbstat group by name order by 2 desc"
    for name, bytes_, unused, payload in db.execute(query).fetchall():
        if bytes_ / articles >= 16:
            print(f"{name:<44}{bytes_ / articles:>8.0f} B, of which {payload / articles:>6.0f} B content, {unused / articles:>5.0f} B empty")


def scale(folder, options, work):
    """What size costs: the same reads of a small and of a large newsroom, with answers kept ready and with none."""
    both = newsroom(folder, SCALE_FROM), newsroom(folder, options.scale)
    bounds = Bounds()
    for what, cache_mb in ("answers kept ready", None), ("no answers kept", 0):
        print(f"\n{what}:")
        grown([Server(data, cache_mb) for data in both], options, work, bounds.at_most)
    bounds.at_most("KiB an article", size_of(both[1]) / options.scale / 1024, SIZE)
    return bounds.missed


def grown(servers, options, work, held):
    """The reads of both, in turns."""
    try:
        reads = [Reads(server).all for server in servers]
        # A search takes its time for the page that it fills, and the word of one in 10,000 stories fills one of the large newsroom alone. So what is held is
        # a word beside it that fills as much of a page of the small one.
        matches = servers[1].json(f"/api/v1/search?q={RARE}&limit=1")["total"]["value"]
        for one, word in zip(reads, (as_rare(servers[0], min(matches, PAGE)), RARE)):
            one[EMPTY] = one.pop("search, a rare word")
            one["search, a rare word"] = ([f"/api/v1/search?q={word}"], {})
        # The depth is part of a name, and differs.
        for (name, of_small), (deep_name, of_large) in zip(reads[0].items(), reads[1].items()):
            figures = [Figures(), Figures()]
            both = list(zip(servers, (of_small, of_large), figures))
            for server, one, _ in both:
                load(server.port, one[0], WARM_UP, work, one[1])
            for _ in range(options.rounds):
                for server, one, figure in both:
                    figure.add(server.port, one, options.seconds, work)
            before, after = figures
            print(f"{deep_name}: {before.rate:.0f} and {after.rate:.0f} req/s, p50 {before.p50:.2f} and {after.p50:.2f} ms, "
                  f"p99 {before.p99:.2f} and {after.p99:.2f} ms, {before.wrong + after.wrong} wrong")
            if name.endswith("half of all"):
                held(f"{name}: p99, ms", after.p99, COMMON)
            elif name != EMPTY:
                held(f"{deep_name}: times p99", after.p99 / before.p99, RARE_GROWTH if name.startswith("search") else GROWTH)
        held("memory, MB", servers[1].memory(), MEMORY)
    finally:
        for server in servers:
            server.stop()


def small_run(folder, options, work):
    """Everything once, in small; the bounds only say that nothing is broken."""
    options.articles, options.rounds, options.seconds = 2_000, 1, 1
    data = newsroom(folder, options.articles)
    for name, (ours, theirs, memory) in kinds(data, options, work).items():
        assert ours.rate > theirs.rate / 500, f"{name}: less than a 500th of a bare handler"
        assert memory < MEMORY, f"{name}: more than {MEMORY} MB"
    assert publish(data, options, work) < 20, "readers wait too long while an editor publishes"
    sizes(data, options.articles)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--scale", type=int, metavar="N")
    parser.add_argument("--publish", action="store_true")
    parser.add_argument("--sizes", action="store_true")
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--apart", action="store_true", help="half of the cores answer and the others ask, where both sides would have all of them")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--folder", type=pathlib.Path, default=TARGET / "load")
    options = parser.parse_args()
    if not (options.apart or options.scale or options.publish or options.sizes or options.test):
        share_cores()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as work:
        if options.test:
            return small_run(pathlib.Path(work), options, work)
        options.folder.mkdir(parents=True, exist_ok=True)
        if options.scale:
            return ended(scale(options.folder, options, work))
        data = newsroom(options.folder, options.articles)
        if options.publish:
            return print("" if publish(data, options, work) < 3 else "MISSED")
        if options.sizes:
            return sizes(data, options.articles)
        found = kinds(data, options, work)
        return None if options.apart else ended(beside_the_same_bytes(found))


def ended(missed):
    if missed:
        raise SystemExit(f"missed: {', '.join(missed)}")


main()
