#!/usr/bin/env python3
"""The news site of examples/frontpage in headless Chromium: its fronts, the wire story whole, old addresses, what is not there.

    tests/browser/example_site.py BINARY [--screenshots FOLDER] [--built]

Starts the demo in a folder of its own, installs and builds the site (unless `--built` says that it is), serves it, and looks at it at
the widths of a desk and of a phone. Needs Python 3.9, Node 20 with npm, and `chromium`; everything listens on the loopback and is
stopped by its process id. Exits 1 when a page does not show what the API says.
"""

import argparse
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import example_parts
from chromium import Browser
from front_page import start

SITE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "frontpage")
WIDTHS = {"desk": 1280, "phone": 390}
NOTE = "An earlier version gave the wrong day of the first crossing."
# What holds of every page. Pictures say what a browser took of `srcset`.
LOOK = """({
  title: document.title, lang: document.documentElement.lang, headings: document.querySelectorAll("h1").length,
  text: document.body.innerText, path: location.pathname,
  wide: document.documentElement.scrollWidth > window.innerWidth,
  pictures: [...document.images].map((one) => ({ alt: one.getAttribute("alt"), source: one.currentSrc, srcset: one.srcset,
    width: one.naturalWidth, shown: one.getBoundingClientRect().width })),
  links: [...document.links].map((one) => one.getAttribute("href")),
  meta: Object.fromEntries([...document.querySelectorAll("meta[property],meta[name]")].map((one) =>
    [one.getAttribute("property") ?? one.name, one.content])),
})"""


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Api:
    def __init__(self, address, data):
        self.root, self.token = f"http://{address}", None
        with open(os.path.join(data, "demo-login.json"), encoding="utf-8") as login:
            self.token = self.send("POST", "/api/v1/auth/login", json.load(login))["access_token"]

    def send(self, method, path, body=None, match=None):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if match:
            headers["If-Match"] = f'"{match}"'
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise SystemExit(f"{method} {path}: {refused.read().decode()}") from None

    def text(self, path):
        with urllib.request.urlopen(self.root + path, timeout=30) as answer:
            return answer.read().decode()

    def article(self, slug):
        return self.send("GET", f"/api/v1/articles/{slug}?include=related")

    def change(self, identity, verb, match):
        return self.send("POST", f"/api/v1/editor/articles/{identity}/actions/{verb}", match=match)


def prepare(api):
    """Puts a note on the wire story, gives another a new address, and takes a third down; the story, and the two old paths."""
    stories = {one["headline"].split()[0]: one for one in api.send("GET", "/api/v1/articles?limit=100")["items"]}
    wire, moved, gone = stories["Ferry"], stories["Storm"], stories["Island"]
    editor = "/api/v1/editor/articles"
    revision = api.send("GET", f"{editor}/{wire['id']}")["revision"]
    api.send("POST", f"{editor}/{wire['id']}/corrections", {"kind": "correction", "text": NOTE}, revision)
    revision = api.send("GET", f"{editor}/{moved['id']}")["revision"]
    changed = api.send("PATCH", f"{editor}/{moved['id']}", {"slug": "strait-closed-by-storm"}, revision)
    api.change(moved["id"], "publish", changed["revision"])
    api.change(gone["id"], "unpublish", api.send("GET", f"{editor}/{gone['id']}")["revision"])
    return api.article(wire["id"]), moved["path"], gone["path"]


def every_block(picture):
    """A body with each type of block, and a word in each that no other has."""
    text = lambda *words: [{"text": word} for word in words]
    place = {"media_id": picture, "alt": "A pier.", "caption": "Seen at noon."}
    marked = [{"text": "bold ", "marks": ["strong"]}, {"text": "and\nbroken", "marks": ["em", "underline"]},
              {"text": " H"}, {"text": "2", "marks": ["sub"]}, {"text": "O, "}, {"text": "linked", "link": {"url": "https://ferries.example/"}},
              {"text": "."}]
    return [
        {"type": "paragraph", "text": marked},
        {"type": "heading", "level": 2, "text": text("Second level")}, {"type": "paragraph", "text": text("Under it.")},
        {"type": "heading", "level": 3, "text": text("Third level")},
        {"type": "list", "ordered": True, "items": [
            {"text": text("Outer"), "list": {"ordered": False, "items": [{"text": text("Inner")}]}}, {"text": text("Next")}]},
        {"type": "quote", "text": text("We slept here."), "attribution": "A passenger", "url": "https://harbour.example/log"},
        {"type": "pull_quote", "text": text("Nobody crosses today."), "attribution": "The harbour office"},
        {"type": "table", "caption": "Crossings", "header": [{"text": text("Day")}, {"text": text("Ships")}],
         "rows": [[{"text": text("Monday")}, {"text": text("Four")}], [{"text": text("Friday")}, {"text": text("Six")}]]},
        {"type": "fact_box", "title": "In short", "blocks": [{"type": "paragraph", "text": text("Boxed.")}]},
        {"type": "embed", "provider": "youtube", "url": "https://www.youtube.com/watch?v=x", "title": "The launch"},
        {"type": "code", "language": "sql", "text": "select  1;\nselect 2;"}, {"type": "divider"},
        {"type": "image", "size": "small", **place}, {"type": "image", "size": "full", **place},
        {"type": "gallery", "title": "In pictures", "items": [place, place]},
        {"type": "video", "embed_url": "https://films.example/1", "caption": "The film"},
        {"type": "audio", "embed_url": "https://sounds.example/1", "caption": "The horn"},
        {"type": "related_article", "url": "https://harbour.example/notices/9", "title": "Notice 9"},
    ]


def draw(api):
    """Has every size of every photograph made, so that no page waits for one on a busy machine."""
    leads = [one["lead_media"]["media"] for one in api.send("GET", "/api/v1/articles?limit=100")["items"] if one["lead_media"]]
    for address in sorted({one["url"] for lead in leads for one in lead["renditions"]}):
        for left in reversed(range(20)):
            try:
                with urllib.request.urlopen(api.root + address, timeout=30) as picture:
                    picture.read()
                break
            except urllib.error.HTTPError as busy:
                # It is being made; the answer says when to ask again.
                assert busy.code == 503 and left, (address, busy.code)
                time.sleep(int(busy.headers["Retry-After"]))


WORDS = ["bold and\nbroken H2O, linked.", "Second level", "Third level", "Outer", "Inner", "We slept here.", "A passenger",
         "harbour.example", "Nobody crosses today.", "Crossings", "Monday", "In short", "Boxed.", "The launch at youtube.com",
         "select  1;\nselect 2;", "Seen at noon.", "In pictures", "The film at films.example", "The horn at sounds.example",
         "Related article: Notice 9", "Elsewhere", "Tides of the week"]


def make_every(api, picture):
    """A story with all of them. A list of links names links, which have to be there before."""
    links = [{"url": "https://harbour.example/tides", "title": "Tides of the week"}]
    made = api.send("POST", "/api/v1/editor/articles", {"headline": "One of each", "related": links})
    listed = {"type": "related_list", "title": "Elsewhere", "link_ids": [made["related"][0]["id"]]}
    body = {"body": [*every_block(picture), listed]}
    made = api.send("PATCH", f"/api/v1/editor/articles/{made['id']}", body, made["revision"])
    api.change(made["id"], "publish", made["revision"])
    return api.article(made["id"])


def build():
    # What npm says is of use only where it fails.
    for command in (["npm", "ci", "--no-audit", "--no-fund"], ["npm", "run", "build"]):
        begun = time.monotonic()
        done = subprocess.run(command, cwd=SITE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}")
        print(f"{' '.join(command[:3])}: {time.monotonic() - begun:.0f} s")


def serve(api_root, port):
    env = dict(os.environ, COPYDESK_URL=api_root, HOST="127.0.0.1", PORT=str(port), ASTRO_TELEMETRY_DISABLED="1")
    process = subprocess.Popen(["node", "dist/server/entry.mjs"], cwd=SITE, env=env, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    for line in process.stdout:
        if "listening" in line.lower():
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return process
    raise SystemExit("the site did not start")


class Visit:
    def __init__(self, browser, root, folder):
        self.browser, self.root, self.folder, self.seen = browser, root, folder, 0

    def page(self, path, name, status=200):
        """Looks at a page at each width; what it shows on a desk."""
        shown = {}
        for size, width in WIDTHS.items():
            self.browser.open(self.root + path, width)
            found = shown[size] = self.browser.run(LOOK)
            place = (path, size)
            assert self.browser.status == status, (place, self.browser.status)
            # Of a page that is not there the browser itself says so.
            errors = [one for one in self.browser.errors if status == 200 or self.root + path not in one]
            assert not errors, (place, errors)
            abroad = [one for one in self.browser.requests if not one.startswith((self.root, "data:"))]
            assert not abroad, (place, abroad)
            assert found["headings"] == 1 and found["lang"] and found["title"], (place, found["title"])
            assert not found["wide"], f"{place} is wider than its window"
            for picture in found["pictures"]:
                assert picture["width"] > 0 and picture["alt"] is not None, (place, picture)
                taken = picture["source"].replace(self.root, "")
                offered = {address: int(width[:-1]) for address, width in map(str.split, picture["srcset"].split(", "))}
                # Wide enough for its place, or the widest that there is.
                assert offered.get(taken, 0) >= min(picture["shown"], max(offered.values())), (place, picture)
            if self.folder:
                self.browser.photograph(os.path.join(self.folder, f"{name}-{size}.png"))
            self.seen += 1
        return shown["desk"]


def says(found, *texts):
    for text in texts:
        assert text in found["text"], f"{found['path']} does not say {text!r}:\n{found['text']}"


def check_fronts(visit, api):
    home = visit.page("/", "home")
    stories = api.send("GET", "/api/v1/articles?limit=20")["items"]
    says(home, *(one["headline"] for one in stories))
    assert len(home["pictures"]) > 4, home["pictures"]
    assert {one["path"] for one in stories} <= set(home["links"])
    section = visit.page("/sections/transport", "section")
    says(section, "Transport", "Roads, rails and ferries.", "Ferry service resumes")
    assert "/feeds/transport.rss" in section["links"]
    says(visit.page("/tags/ferries", "tag"), "Ferries", "Ferry service resumes")


def check_story(visit, api, story):
    found = visit.page(story["path"], "wire-story")
    lead, og = story["lead_media"], story["open_graph"]
    says(found, story["headline"], story["deck"], "By Meridian Wire", "February 16, 2026, 09:30 UTC", "Northlight Pictures",
         lead["caption"], lead["credit"], "“We have read every timetable on that wall,”", "Related article: Storm closes the strait",
         f"Correction, {NOW}: {NOTE}", story["original_url"], "The strait in figures", "Nine days without one in February")
    says(found, *(one["label"] for one in story["related"]))
    assert {"/contributors/meridian-wire", "/contributors/northlight-pictures", story["original_url"]} <= set(found["links"])
    offered = [one["url"] for one in lead["media"]["renditions"] if one["format"] == "webp"]
    assert any(found["pictures"][0]["source"].endswith(one) for one in offered), found["pictures"][0]
    assert found["pictures"][0]["alt"] == lead["alt"]
    # The line stands in the middle of the text, not behind it.
    order = visit.browser.run("""[...document.querySelector(".body").children].map((one) => one.className || one.localName)""")
    at = order.index("related-article")
    assert "p" in order[:at] and "p" in order[at:], order
    meta = found["meta"]
    assert found["title"].startswith(og["title"]) and meta["description"] == og["description"]
    for name in ("title", "description", "type", "url", "site_name", "locale"):
        assert meta[f"og:{name}"] == og[name], name
    assert meta["og:image"] == og["image"]["url"] and meta["og:image:width"] == str(og["image"]["width"])
    with urllib.request.urlopen(meta["og:image"], timeout=30) as picture:
        assert picture.headers["Content-Type"] == "image/jpeg", meta["og:image"]
    every = make_every(api, lead["media_id"])
    shown = visit.page(every["path"], "every-block")
    says(shown, *WORDS)
    left = visit.browser.run("""document.querySelector(".body").childElementCount""")
    assert left == len(every["body"]), (left, len(every["body"]))
    author = visit.page("/contributors/meridian-wire", "contributor")
    says(author, "Meridian Wire", "An invented news agency.", story["headline"])


def check_addresses(visit, old, gone):
    found = visit.page(old, "moved")
    assert found["path"] != old and "strait-closed-by-storm" in found["path"], found["path"]
    says(found, "Storm closes the strait to all shipping")
    says(visit.page(gone, "gone", 410), "no longer here")
    for path in ("/nothing/here", "/sections/nowhere", "/contributors/nobody"):
        says(visit.page(path, "missing", 404), "Nothing is at this address")
    for form in ("rss", "atom", "json"):
        with urllib.request.urlopen(f"{visit.root}/feeds/all.{form}", timeout=30) as feed:
            assert b"Ferry service resumes" in feed.read(), form


# Tags that the API takes and JavaScript's own `Intl` does not.
UNREAD = ["zh-yue-HK", "x-private", "i-klingon", "en-GB-oed", "sgn-BE-FR"]
# Pages are made of answers that may be kept for different times.
KEEP = "site 7 9 400, list 20 300"


def head(root, path):
    """Status and headers of the address itself: a redirect is not followed."""
    host = urllib.parse.urlsplit(root)
    connection = http.client.HTTPConnection(host.hostname, host.port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def check_caches(visit, api, story, moved):
    """A page names all that it was made of, and lasts as long as what lasts shortest; so does a redirect."""
    resolve = "/api/v1/resolve?include=related&path="
    lists = "/api/v1/articles?limit=20"
    pages = {"/": [lists], "/sections/transport": ["/api/v1/sections/transport", f"{lists}&section=transport"],
             "/tags/ferries": ["/api/v1/tags/ferries", f"{lists}&tag=ferries"],
             "/contributors/meridian-wire": ["/api/v1/contributors/meridian-wire", f"{lists}&contributor=meridian-wire"],
             story["path"]: [resolve + story["path"]]}
    for path, answers in pages.items():
        names = {name for one in [*answers, "/api/v1/site"] for name in head(api.root, one)[1]["Surrogate-Key"].split()}
        status, headers, _ = head(visit.root, path)
        assert status == 200 and set(headers["Surrogate-Key"].split()) == names, (path, headers["Surrogate-Key"], names)
        assert "max-age=7, s-maxage=9, stale-while-revalidate=300" in headers["Cache-Control"], (path, headers["Cache-Control"])
    status, headers, _ = head(visit.root, moved)
    told = head(api.root, resolve + moved)[1]
    assert status == 301, status
    for name in ("Cache-Control", "Surrogate-Key"):
        assert told[name] and headers[name] == told[name], (name, headers[name], told[name])


def check_handed_on(visit, api):
    files = [line.split("<")[0] for line in api.text("/sitemap.xml").split("<loc>")[1:]]
    assert files, "the sitemap names no file"
    for path in ("/robots.txt", "/sitemap.xml", "/sitemap-news.xml", *(urllib.parse.urlsplit(one).path for one in files)):
        (status, headers, body), (_, told, same) = head(visit.root, path), head(api.root, path)
        assert status == 200 and body == same and headers["Content-Type"] == told["Content-Type"], (path, status, body)


def check_handouts(visit, api):
    """Press releases in languages that have no dates here: whole pages, which say whose they are."""
    made = []
    for locale in UNREAD:
        story = {"headline": f"A pier opens ({locale})", "kind": "press_release", "locale": locale,
                 "distributor": {"name": "Aldous Harbour Board", "category": "handout"},
                 "body": [{"type": "paragraph", "text": [{"text": "Ships may call from Monday on."}]}]}
        one = api.send("POST", "/api/v1/editor/articles", story)
        api.change(one["id"], "publish", one["revision"])
        made.append(api.article(one["id"]))
    # Not as the browser keeps it from before.
    home = visit.page("/?handouts", "home-handouts")
    says(home, *(one["headline"] for one in made), "Press release", "Aldous Harbour Board", "RSS")
    for one in made:
        found = visit.page(one["path"], "handout")
        assert found["lang"] == one["locale"], (found["lang"], one["locale"])
        says(found, NOW, "Press release from Aldous Harbour Board", "Supplied by Aldous Harbour Board", "RSS")


NOW = time.strftime("%B %-d, %Y", time.gmtime())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--screenshots")
    parser.add_argument("--built", action="store_true")
    asked = parser.parse_args()
    if not asked.built:
        build()
    example_parts.check(SITE)
    if asked.screenshots:
        os.makedirs(asked.screenshots, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="copydesk-site-")
    port, data = free_port(), os.path.join(folder, "data")
    root = f"http://127.0.0.1:{port}"
    os.environ.update(COPYDESK_SITE_URL=root, COPYDESK_DELIVERY_KEEP=KEEP)
    demo, address = start(os.path.abspath(asked.binary), data)
    site = browser = None
    try:
        api = Api(address, data)
        story, moved, gone = prepare(api)
        draw(api)
        site = serve(f"http://{address}", port)
        browser = Browser(os.path.join(folder, "profile"))
        visit = Visit(browser, root, asked.screenshots)
        check_fronts(visit, api)
        check_story(visit, api, story)
        check_addresses(visit, moved, gone)
        check_caches(visit, api, story, moved)
        check_handed_on(visit, api)
        check_handouts(visit, api)
        print(f"example site: {visit.seen} views of its pages, each as the API says")
    finally:
        if browser:
            browser.close()
        for process in filter(None, (site, demo)):
            process.terminate()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
