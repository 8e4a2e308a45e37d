#!/usr/bin/env python3
"""A cache in front: nobody gets out of it what another was given.

    tests/attacks/caches.py BINARY [--long] [--defect all|vary|purge] [--nginx PROGRAM] [--seed NUMBER]

nginx keeps what `Cache-Control` lets it keep, apart by `Vary`, and forgets by `Surrogate-Key` what docs/API-DESIGN.md says when
an article is taken down. Every GET of the document of the API, with the ids of things that there are, is asked by
every identity in turn, in an order that a seed makes: nobody, each role, a key, a token spelled oddly, a token in a cookie, and
tokens that are refused. Each answer must be the one that the same identity gets from the server itself, and what needs a
login must never come out of the cache. Then articles are taken down and changed, and all is asked again.

One who sends a token that is refused may be given what nobody is given: a cache cannot know a bad token from a good one.

The defects are caches that keep everything, that do not look at `Vary`, and that do not forget: each must fail.

Needs Python 3.9 and nginx. Exits 1 when something is not as it should be.
"""

import contextlib
import gzip
import hashlib
import http.client
import json
import os
import random
import re
import sys
import time

from newsroom import ARTICLES, JSON, arguments, hire, newsroom
from nginx import in_front

DOCUMENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "openapi", "openapi.json")
DEFECTS = {
    "all": "proxy_ignore_headers Cache-Control Expires Vary; proxy_cache_valid any 10m;",
    "vary": "proxy_ignore_headers Vary;",
    "purge": "",
}
# What changes from one answer to the next, whoever asks.
MOVING = {"request_id", "expires_at", "last_used_at", "last_seen_at", "idle_expires_at", "uptime_seconds"}
SIGNED = re.compile(r"expires=\d+&(amp;)?signature=[\w-]+")
COMPARED = ("Content-Type", "Content-Encoding", "Cache-Control", "ETag", "Location", "Access-Control-Allow-Origin")
ONE_ARTICLE = re.compile(r"/api/v1/articles/[^/?]+(\?.*)?$")
OUT_OF_CACHE = ("HIT", "STALE", "UPDATING", "REVALIDATED")
PERSONAL = ("/api/v1/editor/", "/api/v1/auth/", "/api/v1/preview/")
DOT = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301"
                    "0100c9fe92ef0000000049454e44ae426082")


@contextlib.contextmanager
def cache(program, server, defect):
    """nginx with a cache: its address, and where it keeps answers."""
    with in_front(program, server, "proxy_cache_path kept levels=1:2 keys_zone=kept:8m inactive=60m use_temp_path=off;",
                  f"proxy_set_header Host {server.address}; proxy_cache kept; proxy_cache_key $request_uri; proxy_cache_use_stale updating;"
                  f" add_header X-Cache-Status $upstream_cache_status always; {DEFECTS.get(defect, '')}") as (address, own):
        yield address, os.path.join(own, "kept")


def forget(kept, names):
    """Removes each kept answer that has one of these names in its `Surrogate-Key`. How many that were."""
    forgotten = 0
    for place, _, files in os.walk(kept):
        for name in files:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                head = file.read().split(b"\r\n\r\n", 1)[0].decode("latin-1")
            found = re.search(r"^surrogate-key: *(.*)$", head, re.IGNORECASE | re.MULTILINE)
            if found and names & set(found.group(1).split()):
                os.remove(path)
                forgotten += 1
    return forgotten


class Asker:
    """One connection that is kept, to the server or to the cache."""

    def __init__(self, address):
        self.address, self.connection = address, None

    def ask(self, path, headers):
        for again in (True, False):
            self.connection = self.connection or http.client.HTTPConnection(self.address, timeout=30)
            try:
                self.connection.request("GET", path, headers=headers)
                answer = self.connection.getresponse()
                return answer.status, answer.headers, answer.read()
            except (OSError, http.client.HTTPException):
                # The other end may have ended what was idle.
                self.connection.close()
                self.connection = None
                if not again:
                    raise


def still(value):
    """JSON without what moves by itself."""
    if isinstance(value, dict):
        return {key: still(one) for key, one in value.items() if key not in MOVING}
    if isinstance(value, list):
        return [still(one) for one in value]
    return SIGNED.sub("signed", value) if isinstance(value, str) else value


def told(answer):
    """What is compared of an answer."""
    status, headers, body = answer
    shown = {name: headers[name] for name in COMPARED}
    text = gzip.decompress(body) if headers["Content-Encoding"] == "gzip" else body
    if "json" in (headers["Content-Type"] or "") and headers["Content-Encoding"] in (None, "gzip"):
        whole = json.loads(text)
        body = json.dumps(still(whole))
        # A tag is of the bytes, so it moves with what moves in them.
        if still(whole) != whole:
            del shown["ETag"]
    return status, shown, body


def make(server, path, body, headers=JSON, tag=None):
    if tag:
        headers = dict(headers, **{"If-Match": server.ask("GET", tag)[1]["ETag"]})
    status, _, answer = server.ask("POST", path, body if isinstance(body, bytes) else json.dumps(body), headers)
    assert status in (200, 201), (path, status, answer)
    return json.loads(answer)


def change(server, path, fields):
    tag = server.ask("GET", path)[1]["ETag"]
    status, _, body = server.ask("PATCH", path, json.dumps(fields), dict(JSON, **{"If-Match": tag}))
    assert status == 200, (path, status, body)


class Newsroom:
    """What there is to be asked for: stories in each state, what belongs to them, and who asks."""

    def __init__(self, server):
        self.server = server
        self.media = {name: make(server, "/api/v1/editor/media", DOT + name.encode(), {"Content-Type": "image/png"})["id"] for name in ("shown", "taken", "hidden")}
        for one in self.media.values():
            change(server, f"/api/v1/editor/media/{one}", {"credit": "Somebody", "alt": "A dot"})
        self.section = make(server, "/api/v1/editor/sections", {"name": "Harbour"})
        self.tag = make(server, "/api/v1/editor/tags", {"name": "Ferries"})
        self.contributor = make(server, "/api/v1/editor/contributors", {"name": "Ada Quay", "kind": "person"})
        # One stays: of a month that lost its last story the sitemap may name the file until somebody has asked for that.
        self.stories = {"stays": self.write("stays", "shown"), "live": self.write("live", "shown"), "taken": self.write("taken", "taken"), "draft": self.write("draft", "hidden"),
                        "embargoed": self.write("embargoed", "hidden", embargo_until="2099-01-01T00:00:00.000Z")}
        live = f"{ARTICLES}/{self.stories['live']['id']}"
        self.link = make(server, f"{live}/related", {"article_id": self.stories["taken"]["id"]}, tag=live)["items"][0]["id"]
        make(server, f"{live}/corrections", {"kind": "correction", "text": "A day was wrong."}, tag=live)
        for name in ("stays", "live", "taken"):
            self.publish(name)
        status, headers, body = server.ask("POST", "/api/v1/editor/media/uploads", None, {"Tus-Resumable": "1.0.0", "Upload-Length": "64"})
        assert status == 201, body
        self.upload = headers["Location"].rsplit("/", 1)[1]
        self.previews = {name: make(server, f"{ARTICLES}/{self.stories[name]['id']}/preview-tokens", {})["token"] for name in ("draft", "live")}
        self.key = make(server, "/api/v1/auth/api-keys", {"name": "Reader", "scopes": ["articles:read"]})
        self.people = {role: hire(server, role, role) for role in ("contributor", "editor", "admin")}

    def write(self, name, media, **more):
        body = {"headline": f"Story {name}", "section_id": self.section["id"], "tag_ids": [self.tag["id"]],
                "byline": {"contributors": [{"contributor_id": self.contributor["id"], "role": "author"}]},
                "lead_media": {"media_id": self.media[media]}, "body": [{"type": "paragraph", "text": [{"text": f"What {name} says. " * 100}]}], **more}
        return make(self.server, ARTICLES, body)

    def act(self, name, method, tail):
        path = f"{ARTICLES}/{self.stories[name]['id']}"
        status, _, body = self.server.ask(method, path + tail, None, {"If-Match": self.server.ask("GET", path)[1]["ETag"]})
        assert status in (200, 204), (path, tail, status, body)
        return body

    def publish(self, name):
        self.stories[name].update(json.loads(self.act(name, "POST", "/actions/publish")))

    def change(self, name, action):
        """Takes a story down, or changes what readers see of it; the names that a cache is to forget then, as the documentation has them."""
        story = self.stories[name]
        if action == "unpublish":
            self.act(name, "POST", "/actions/unpublish")
        elif action == "trash":
            self.act(name, "DELETE", "")
        else:
            change(self.server, f"{ARTICLES}/{story['id']}", {"headline": f"Story {name}, {action}"})
            self.publish(name)
        digest = hashlib.sha256(f"link {story['id']}".encode()).hexdigest()[:16]
        linked = self.stories["taken" if name == "live" else "live"]["id"]
        return {f"article:{story['id']}", f"link:{digest}", f"slug:{story['slug']}", f"backlinks:{linked}", f"translations:{story['translation_group']}",
                f"media:{story['lead_media']['media_id']}", "articles"}

    def identities(self):
        """Their names, and what they send."""
        bearer = {name: f"Bearer {token}" for name, token in self.people.items()}
        editor, admin = self.people["editor"], self.people["admin"]
        refused = {"a wrong token": f"Bearer {editor[:-4]}AAAA", "a password": "Basic ZWRpdG9yOnBhc3N3b3Jk", "a scheme alone": "Bearer"}
        return {
            "nobody": {}, **{name: {"Authorization": token} for name, token in bearer.items()},
            "a key": {"Authorization": f"Bearer {self.key['key']}"}, "small letters": {"authorization": f"bearer {admin}"},
            "spaces": {"AUTHORIZATION": f"BEARER    {editor}  "}, "a cookie": {"Cookie": f"access_token={admin}; session={editor}"},
            "a token and a cookie": {"Authorization": bearer["contributor"], "Cookie": f"access_token={admin}"},
            **{name: {"Authorization": value} for name, value in refused.items()},
        }

    def values(self, path, name):
        """What a parameter of a path is replaced by."""
        ids = [story["id"] for story in self.stories.values()]
        if path.startswith(ARTICLES):
            return {"id": ids, "link": [self.link], "revision": ["1", "2"]}[name]
        if path == "/docs/files/{file}":
            return ["start.js", "page.css"]
        own = {"sections": self.section, "tags": self.tag, "contributors": self.contributor}.get(path.split("/")[-2], {})
        media = list(self.media.values()) if "media" in path else []
        return {"article": ids + [self.stories["live"]["slug"], self.stories["taken"]["short_id"]], "slug": [own.get("slug")], "feed": ["all.rss", "all.json", f"{self.section['slug']}.atom"],
                "file": [time.strftime("%Y-%m.xml", time.gmtime())], "token": list(self.previews.values()), "name": ["160.webp", "160", "original.png"],
                "id": media or ([self.upload] if "uploads" in path else [self.key["id"]] if "api-keys" in path else [own.get("id")])}[name]

    def addresses(self):
        """Every GET of the document, with what there is."""
        with open(DOCUMENT) as file:
            paths = [path for path, operations in json.load(file)["paths"].items() if "get" in operations]
        found, now = [], time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        more = {"/api/v1/articles": ["", "?limit=1", f"?as_of={now}", "?include=related&fields=id,headline"], "/api/v1/search": ["?q=story", "?q=draft"],
                "/api/v1/articles/{article}": ["", f"?as_of={now}", "?include=related,backlinks"], "/api/v1/resolve": [f"?path=/2026/01/01/a-{story['short_id']}" for story in self.stories.values()],
                f"{ARTICLES}/{{id}}/diff": ["?from=1&to=2"], "/api/v1/sections": ["?latest=3"], "/api/v1/editor/schedule": [f"?from={now}"]}
        for path in paths:
            made = [path]
            for name in re.findall(r"\{(\w+)\}", path):
                made = [one.replace("{" + name + "}", value) for one in made for value in self.values(path, name)]
            found += [one + tail for one in made for tail in more.get(path, [""])]
        return paths, found + self.pictures()

    def pictures(self):
        """Addresses of media as answers have them: signed ones, and the same without what makes them so."""
        found = []
        for media in self.media.values():
            signed = json.loads(self.server.ask("GET", f"/api/v1/editor/media/{media}")[2])["src"]
            found += [signed, signed.split("&expires")[0]]
        return found


class Round:
    """Asks, and counts what was wrong."""

    def __init__(self, server, address, rng):
        self.direct, self.through, self.rng = Asker(server.address), Asker(address), rng
        self.asked = self.hits = self.refused = 0
        self.wrong = []

    def one(self, path, who, headers):
        headers = dict(headers)
        if not path.startswith(PERSONAL):
            headers.update(self.rng.choice([{}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}]))
        # Other routes have one form, and refuse who takes none of it (406): that a cache hands them what it has is no harm.
        if path.endswith("/160"):
            headers["Accept"] = self.rng.choice(["image/webp", "image/jpeg"])
        if ONE_ARTICLE.match(path):
            headers.update(self.rng.choice([{}, {"Accept": "application/ld+json"}, {"Accept": "text/markdown"}, {"Accept": "application/json"}]))
        headers.update(self.rng.choice([{}, {}, {"Origin": "https://desk.example"}, {"Origin": "https://other.example"}]))
        status, got, body = self.through.ask(path, headers)
        kept = got["X-Cache-Status"] in OUT_OF_CACHE
        self.asked, self.hits = self.asked + 1, self.hits + kept
        if kept and path.startswith(PERSONAL):
            self.wrong.append(f"{path} for {who} came out of the cache")
        direct = self.direct.ask(path, headers)
        if told((status, got, body)) == told(direct):
            return
        if kept and direct[0] == 401:
            anonymous = {name: value for name, value in headers.items() if name.lower() != "authorization"}
            if told((status, got, body)) == told(self.direct.ask(path, anonymous)):
                self.refused += 1
                return
        self.wrong.append(f"{path} for {who} ({got['X-Cache-Status']}): {differing(told((status, got, body)), told(direct))}")

    def all(self, addresses, identities):
        asks = [(path, who) for path in addresses for who in identities]
        self.rng.shuffle(asks)
        for path, who in asks:
            self.one(path, who, identities[who])


def differing(one, other):
    """What differs, shortly."""
    if one[0] != other[0]:
        return f"{one[0]} through the cache, {other[0]} directly"
    heads = [f"{name}: {one[1].get(name)} through the cache, {other[1].get(name)} directly" for name in one[1] if one[1].get(name) != other[1].get(name)]
    return "; ".join(heads) or f"{str(one[2])[:160]} through the cache, {str(other[2])[:160]} directly"


def main():
    parser = arguments(__doc__)
    parser.add_argument("--nginx", default="/usr/sbin/nginx", help="the program of nginx")
    parser.add_argument("--seed", type=int, default=1, help="of the order")
    parser.add_argument("--defect", choices=DEFECTS, help="a cache that must be found wrong")
    asked = parser.parse_args()
    # Times that outlast the run: what is not forgotten by name is not forgotten.
    settings = {"COPYDESK_DELIVERY_MAX_AGE": "3600", "COPYDESK_HTTP_CORS_ORIGINS": "https://desk.example,*"}
    with newsroom(asked.binary, role="admin", **settings) as server, cache(asked.nginx, server, asked.defect) as (address, kept):
        desk, rng = Newsroom(server), random.Random(asked.seed)
        paths, addresses = desk.addresses()
        identities, turn = desk.identities(), Round(server, address, rng)
        changes = [None, ("live", "changed"), ("taken", "unpublish"), ("live", "trash")]
        forgotten = 0
        for change in changes:
            if change:
                names = desk.change(*change)
                forgotten += 0 if asked.defect == "purge" else forget(kept, names)
            for _ in range(3 if asked.long else 1):
                turn.all(addresses if asked.long or not change else rng.sample(addresses, len(addresses) // 3), identities)
        for one in turn.wrong[:20]:
            print("  " + one)
        enough = turn.asked >= (5000 if asked.long else 1000) and turn.hits >= turn.asked // 10
        print(f"caches: {turn.asked} requests of {len(paths)} operations by {len(identities)} identities, {turn.hits} out of the cache, "
              f"{turn.refused} of them for a refused token what nobody is given, {forgotten} forgotten by name, {len(turn.wrong)} wrong")
    return 1 if turn.wrong or not enough else 0


if __name__ == "__main__":
    sys.exit(main())
