#!/usr/bin/env python3
"""Measures what size costs each question that can be asked: of a newsroom of 1,000 articles, and of a large one.

    cargo build --release && benches/growth.py [--articles 20000]

Everything that readers and editors can ask for is asked one at a time, with no answers kept ready, in turns of both newsrooms. Told are the
median of both, the worst of the large one, and the medians as a ratio. A question that takes more than --most milliseconds in the large one
is marked. Generated newsrooms stay in --folder, where load.sh has its own, too. With --test both are small, and all that is found out is
whether everything is answered. Needs Python 3.9.
"""

import argparse
import pathlib
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "load"))

from servers import TARGET, Server, newsroom

SMALL = 1_000


def last(page, count=5):
    return [item["id"] for item in page["items"][-count:]]


def of_readers(server):
    """What readers ask: name and path."""
    listed = server.json("/api/v1/articles?limit=100")
    one = listed["items"][0]
    article, tag = f"/api/v1/articles/{one['id']}", one["tags"][0]["slug"]
    writer = one["byline"]["contributors"][0]["slug"]
    year = "published_after=2020-01-01T00:00:00Z&published_before=2021-01-01T00:00:00Z"
    target = server.json(f"{article}?include=related")["related"]
    linked = next(link["article"]["id"] for link in target if link.get("article"))
    asked = {
        "article": article,
        "article, related and backlinks": f"{article}?include=related,backlinks",
        "article by slug": f"/api/v1/articles/{one['slug']}",
        "article as HTML": f"{article}?format=html",
        "article as ninjs": f"{article}?format=ninjs",
        "article as JSON-LD": f"{article}?format=jsonld",
        "resolve": f"/api/v1/resolve?path={one['path']}",
        "related": f"{article}/related",
        "backlinks": f"/api/v1/articles/{linked}/backlinks",
        "list": "/api/v1/articles",
        "list, 100": "/api/v1/articles?limit=100",
        "list, ids": "/api/v1/articles?ids=" + ",".join(last(listed, 50)),
        "list, counted": "/api/v1/articles?count=true",
        "list, oldest": "/api/v1/articles?sort=published_at",
        "list, last changed": "/api/v1/articles?sort=-updated_at",
        "list, related": "/api/v1/articles?include=related",
        "list, of a year": f"/api/v1/articles?{year}",
        "list, of a year, counted": f"/api/v1/articles?{year}&count=true",
        "list, section": "/api/v1/articles?section=world",
        "list, section, counted": "/api/v1/articles?section=world&count=true",
        "list, tag": f"/api/v1/articles?tag={tag}",
        "list, contributor": f"/api/v1/articles?contributor={writer}",
        "list, kind": "/api/v1/articles?kind=news",
        "list, a kind that is rare": "/api/v1/articles?kind=obituary",
        "list, locale": "/api/v1/articles?locale=fr",
        "list, two sections": "/api/v1/articles?section=world&section=sport",
        "list, section and tag": f"/api/v1/articles?section=world&tag={tag}",
        "list, all filters": f"/api/v1/articles?section=world&tag={tag}&contributor={writer}&kind=news&locale=en&{year}",
        "list, all filters, counted": f"/api/v1/articles?section=world&tag={tag}&contributor={writer}&kind=news&locale=en&count=true",
        "list, what links here": f"/api/v1/articles?related_to={linked}",
        "search, a rare word": "/api/v1/search?q=quillwater",
        "search, half of all": "/api/v1/search?q=lanternwick",
        "search, half, newest": "/api/v1/search?q=lanternwick&sort=-published_at",
        "search, half, filtered": f"/api/v1/search?q=lanternwick&section=world&tag={tag}&locale=fr",
        "search, facets": "/api/v1/search?q=lanternwick&facets=section,kind,tag,month",
        "search, facets, rare": "/api/v1/search?q=quillwater&facets=section,kind,tag,month",
        "search, a phrase": f"/api/v1/search?q=%22{'%20'.join(one['headline'].split()[:2])}%22",
        "search, a beginning": "/api/v1/search?q=la*",
        "search, without": "/api/v1/search?q=lanternwick%20-quillwater",
        "search, two words": f"/api/v1/search?q=lanternwick%20{one['headline'].split()[0]}",
        "search, nothing": "/api/v1/search?q=zzzzzzzzzz",
        "sections": "/api/v1/sections",
        "sections, latest": "/api/v1/sections?latest=5",
        "section": "/api/v1/sections/world",
        "tags": "/api/v1/tags",
        "tags, latest": "/api/v1/tags?latest=5",
        "tag": f"/api/v1/tags/{tag}",
        "contributors": "/api/v1/contributors",
        "contributors, latest": "/api/v1/contributors?latest=5",
        "contributor": f"/api/v1/contributors/{writer}",
        "site": "/api/v1/site",
        "feed": "/feeds/all.rss",
        "feed of a section": "/feeds/world.json",
        "sitemap": "/sitemap.xml",
        "sitemap of news": "/sitemap-news.xml",
    }
    index = server.ask("GET", "/sitemap.xml")[2].decode()
    for which, at in (("first", 0), ("last", -1)):
        place = index.split("<loc>")[1:][at].split("</loc>")[0]
        asked[f"sitemap, {which} file"] = "/sitemaps/" + place.rsplit("/", 1)[1]
    return asked


def of_editors(server):
    """What editors ask: name and path."""
    page = server.desk("GET", "/api/v1/editor/articles?limit=100")
    one = page["items"][0]
    article = f"/api/v1/editor/articles/{one['id']}"
    media = server.desk("GET", "/api/v1/editor/media?limit=1")["items"][0]["id"]
    whole = server.desk("GET", article)
    tag, section = whole["tags"][0], whole["section_id"]
    return {
        "desk: articles": "/api/v1/editor/articles",
        "desk: articles, counted": "/api/v1/editor/articles?count=true",
        "desk: published": "/api/v1/editor/articles?status=published",
        "desk: drafts": "/api/v1/editor/articles?status=draft",
        "desk: of a section": "/api/v1/editor/articles?section=world",
        "desk: of a tag": f"/api/v1/editor/articles?tag={tag['slug']}",
        "desk: a kind that is rare": "/api/v1/editor/articles?kind=obituary",
        "desk: a language": "/api/v1/editor/articles?locale=fr",
        "desk: trash": "/api/v1/editor/articles?trashed=true",
        "desk: article": article,
        "desk: suggestions": f"{article}/related/suggestions",
        "desk: backlinks": f"{article}/backlinks",
        "desk: translations": f"{article}/translations",
        "desk: revisions": f"{article}/revisions",
        "desk: audit of an article": f"{article}/audit",
        "desk: schedule": "/api/v1/editor/schedule",
        "desk: media": "/api/v1/editor/media",
        "desk: usages of a media": f"/api/v1/editor/media/{media}/usages",
        "desk: unused media": "/api/v1/editor/reports/unused-media",
        "desk: missing alt": "/api/v1/editor/reports/missing-alt",
        "desk: rights expiring": "/api/v1/editor/reports/rights-expiring",
        "desk: broken links": "/api/v1/editor/reports/broken-links",
        "desk: sections": "/api/v1/editor/sections",
        "desk: a section": f"/api/v1/editor/sections/{section}",
        "desk: tags": "/api/v1/editor/tags",
        "desk: a tag": f"/api/v1/editor/tags/{tag['id']}",
        "desk: contributors": "/api/v1/editor/contributors",
    }


class Asked:
    """The questions of one newsroom, and the milliseconds that they took."""

    def __init__(self, data):
        self.server = Server(data, cache_mb=0)
        self.questions = of_readers(self.server) | of_editors(self.server)
        self.took = {name: [] for name in self.questions}

    def ask(self, name):
        path = self.questions[name]
        began = time.perf_counter()
        if "/editor/" in path:
            self.server.desk("GET", path)
        else:
            status, _, body = self.server.ask("GET", path)
            assert status == 200, (path, status, body)
        self.took[name].append((time.perf_counter() - began) * 1000)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--most", type=float, default=100, help="milliseconds")
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--folder", type=pathlib.Path, default=TARGET / "load")
    options = parser.parse_args()
    if options.test:
        with tempfile.TemporaryDirectory() as folder:
            compare(pathlib.Path(folder), (100, 400), 1, options.most)
    else:
        options.folder.mkdir(parents=True, exist_ok=True)
        compare(options.folder, (SMALL, options.articles), options.rounds, options.most)


def compare(folder, sizes, rounds, most):
    both = [Asked(newsroom(folder, articles)) for articles in sizes]
    slow = []
    print(f"{'milliseconds':<38}{sizes[0]:>9}{sizes[1]:>9}{'worst':>9}{'times':>8}")
    try:
        for name in both[0].questions:
            for _ in range(rounds + 1):
                for one in both:
                    one.ask(name)
            before, after = (one.took[name][1:] for one in both)
            told = statistics.median(after)
            mark = "" if told <= most else "  SLOW"
            slow += [name] if mark else []
            print(f"{name:<38}{statistics.median(before):>9.2f}{told:>9.2f}{max(after):>9.2f}{told / statistics.median(before):>8.1f}{mark}", flush=True)
    finally:
        for one in both:
            one.server.stop()
    if slow:
        print(f"slower than {most:g} ms: {', '.join(slow)}")


main()
