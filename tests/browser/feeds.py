#!/usr/bin/env python3
"""The feeds of the demo newsroom, as a reader of feeds reads them.

    tests/browser/feeds.py BINARY

Starts the demo in a folder of its own and reads every feed of it with feedparser, which must find nothing wrong with one, and in it
what the API lists: ids, addresses, titles, times and texts, in the same order. JSON Feed is held against what its specification says must be
there.

Needs Python 3.9 and feedparser. Exits 1 when something is not as it should be.
"""

import calendar
import datetime
import json
import os
import shutil
import sys
import tempfile
import urllib.request

import feedparser

from front_page import start


def get(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.headers["Content-Type"], answer.read()


def moment(text):
    return calendar.timegm(datetime.datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").timetuple())


def read(base, name, form, media_type):
    """A feed as feedparser understands it."""
    kind, text = get(f"{base}/feeds/{name}.{form}")
    assert kind == media_type, kind
    found = feedparser.parse(text, response_headers={"content-type": kind})
    assert not found.bozo, (name, form, found.get("bozo_exception"))
    assert found.feed.title and found.feed.link, found.feed
    return found


def compare(found, listed, form, here):
    assert [entry.id for entry in found.entries] == ["urn:uuid:" + item["id"] for item in listed], form
    for entry, item in zip(found.entries, listed):
        assert entry.link == item["canonical_url"] and entry.title == item["headline"], (entry.link, entry.title)
        assert calendar.timegm(entry.published_parsed) == moment(item["published_at"]), entry.published
        assert entry.content and len(entry.content[0].value) > 100, entry.id
        names = [one["name"] for one in item["byline"]["contributors"]]
        assert not names or [one.name for one in entry.authors] == names, (entry.get("authors"), names)
        assert {tag["name"] for tag in item["tags"]} <= {tag.term for tag in entry.tags}, entry.tags
        if form == "rss" and item["lead_media"]:
            media = entry.media_content[0]
            assert media["url"].startswith("http") and get(here(media["url"]))[0] == "image/jpeg", media


def json_feed(base, name, listed):
    kind, text = get(f"{base}/feeds/{name}.json")
    feed = json.loads(text)
    assert kind == "application/feed+json" and feed["version"] == "https://jsonfeed.org/version/1.1", kind
    assert feed["title"] and feed["feed_url"].endswith(f"/feeds/{name}.json"), feed["feed_url"]
    assert [item["url"] for item in feed["items"]] == [item["canonical_url"] for item in listed]
    for item in feed["items"]:
        assert isinstance(item["id"], str) and item["content_html"], item["id"]
        for at in ("date_published", "date_modified"):
            datetime.datetime.fromisoformat(item[at].replace("Z", "+00:00"))


def main():
    folder = tempfile.mkdtemp(prefix="copydesk-outlets-")
    process, address = start(os.path.abspath(sys.argv[1]), folder)
    base = "http://" + address
    try:
        site = json.loads(get(f"{base}/api/v1/site")[1])
        sections = [section["slug"] for section in site["sections"]]
        assert site["name"] and sections, site
        # A demo on a port of the system's choice does not know its own address.
        here = lambda url: url.replace(site["url"], base, 1)
        stories = 0
        for name in ["all", *sections]:
            of = "" if name == "all" else f"&section={name}"
            listed = json.loads(get(f"{base}/api/v1/articles?limit=50{of}")[1])["items"]
            compare(read(base, name, "rss", "application/rss+xml; charset=utf-8"), listed, "rss", here)
            compare(read(base, name, "atom", "application/atom+xml; charset=utf-8"), listed, "atom", here)
            json_feed(base, name, listed)
            stories += len(listed)
        assert stories, "the demo has no stories"
        print(f"feeds: {3 * (1 + len(sections))} of them with {3 * stories} entries, as a reader of feeds reads them")
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
