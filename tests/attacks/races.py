#!/usr/bin/env python3
"""Many at once: what everybody changes, what everybody publishes and throws away, names that everybody wants, and the first account.

    tests/attacks/races.py BINARY [--long] [--only NAME] [--database URL] [--defect]

Each is one function below, whose first line says what must be so. With the defect each must fail: everybody writes what
they read before under the ETag of now, by which additions are lost; what editors see is looked at before the race; a slug counts as
given to whoever wanted it; and those who make one account at once make one each.

Needs Python 3.9. Exits 1 when something is not as it should be.
"""

import json
import random
import subprocess
import sys
import threading

from newsroom import ARTICLES, EMAIL, JSON, PASSWORD, Server, arguments, each, folder, newsroom

MEDIA = "/api/v1/editor/media"
# The least of a picture that is one: one dot.
DOT = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301"
                    "0100c9fe92ef0000000049454e44ae426082")


def together(works):
    """Runs them at once, beginning at the same moment. What each gave; the first that failed fails all."""
    gate, given, wrong = threading.Barrier(len(works)), [None] * len(works), []

    def run(at, work):
        gate.wait()
        try:
            given[at] = work()
        except BaseException as error:  # told by who waits
            wrong.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return given


def made(server, path, body, headers=JSON):
    status, _, answer = server.ask("POST", path, body if isinstance(body, bytes) else json.dumps(body), headers)
    assert status == 201, (path, status, answer)
    return json.loads(answer)


def etag(server, path):
    """That of what is there now."""
    status, headers, body = server.ask("GET", path)
    assert status == 200, (path, status, body)
    return headers["ETag"]


def act(server, method, path, of, body=None):
    """A change of what is at `of` now: the status, and the answer."""
    headers = {"If-Match": etag(server, of)}
    status, _, answer = server.ask(method, path, body and json.dumps(body), dict(JSON, **headers) if body else headers)
    return status, answer


def counted(asked, server, path, read, write):
    """Has everybody add one, so many times, to what `read` finds at a path; `write` makes the change. What it is at the end."""
    editors, times = 16, 200 if asked.long else 12

    def add():
        done = refused = 0
        while done < times:
            status, headers, body = server.ask("GET", path)
            assert status == 200, (path, status, body)
            match = etag(server, path) if asked.defect else headers["ETag"]
            status, _, body = server.ask("PATCH", path, json.dumps(write(read(json.loads(body)) + 1)), dict(JSON, **{"If-Match": match}))
            assert status in (200, 412), (path, status, body)
            done, refused = done + (status == 200), refused + (status == 412)
        return refused

    refused = sum(together([add] * editors))
    found = read(json.loads(server.ask("GET", path)[2]))
    assert found == editors * times, f"{path}: {found} of {editors * times} additions are there"
    status, _, body = server.ask("PATCH", path, json.dumps(write(0)), JSON)
    assert status == 428, f"{path}: a change of what was not read: {status} {body}"
    return editors * times, refused


def changes(asked, server):
    """Nobody's change of an article, of media or of a link is lost; who read what is no more is told so (412)."""
    article = made(server, ARTICLES, {"headline": "Counted", "custom": {"n": 0}})
    media = made(server, MEDIA, DOT, {"Content-Type": "image/png"})
    other = made(server, ARTICLES, {"headline": "Leads on"})
    of = f"{ARTICLES}/{other['id']}"
    status, body = act(server, "POST", f"{of}/related", of, {"article_id": article["id"], "label_override": "0"})
    assert status == 201, body
    link = json.loads(server.ask("GET", f"{of}/related")[2])["items"][0]["id"]
    status, body = act(server, "PATCH", f"{MEDIA}/{media['id']}", f"{MEDIA}/{media['id']}", {"credit": "0"})
    assert status == 200, body
    found = [
        counted(asked, server, f"{ARTICLES}/{article['id']}", lambda it: it["custom"]["n"], lambda n: {"custom": {"n": n}}),
        counted(asked, server, f"{MEDIA}/{media['id']}", lambda it: int(it["credit"]), lambda n: {"credit": str(n)}),
        counted(asked, server, f"{of}/related/{link}", lambda it: int(it["label_override"]), lambda n: {"label_override": str(n)}),
    ]
    return f"{sum(done for done, _ in found)} changes kept, {sum(refused for _, refused in found)} told to read again"


def revisions(server, article):
    status, _, body = server.ask("GET", f"{ARTICLES}/{article}/revisions?limit=100")
    assert status == 200, body
    return sorted((one["first_revision"], one["revision"]) for one in json.loads(body)["items"])


def live(server, path):
    """Whether editors see that an article is live."""
    status, _, body = server.ask("GET", path)
    assert status == 200, (path, status, body)
    return json.loads(body)["live_revision"] is not None


def states(asked, server):
    """However publish, unpublish, trash, restore and changes race, no answer is a fault, the history has no gap, and readers see what editors see."""
    rng, seen, rounds = random.Random(1), {}, 500 if asked.long else 60
    for turn in range(rounds):
        article = made(server, ARTICLES, {"headline": f"Raced {turn}", "body": [{"type": "paragraph", "text": [{"text": "Text."}]}]})["id"]
        path = f"{ARTICLES}/{article}"
        if turn % 2:
            assert act(server, "POST", f"{path}/actions/publish", path)[0] == 200
        asks = [("POST", f"{path}/actions/publish"), ("POST", f"{path}/actions/unpublish"), ("DELETE", path), ("POST", f"{path}/actions/restore"),
                ("PATCH", path), ("PATCH", path)]
        rng.shuffle(asks)
        before = live(server, path)

        def ask(method, target):
            for _ in range(6):
                status = act(server, method, target, path, {"deck": target + method} if method == "PATCH" else None)[0]
                if status != 412:
                    break
            return status

        for (method, target), status in zip(asks, together([lambda one=one: ask(*one) for one in asks])):
            assert status in (200, 204, 404, 409, 412, 422), (method, target, status)
            seen[status] = seen.get(status, 0) + 1
        after = 0
        for first, last in revisions(server, article):
            assert first == after + 1 and last >= first, f"a gap after revision {after} of {article}"
            after = last
        public = server.ask("GET", f"/api/v1/articles/{article}", token=False)[0]
        shown = before if asked.defect else live(server, path)
        assert (public == 200) == shown, f"editors see live={shown}, readers {public}"
    assert seen.get(200, 0) > rounds and any(status >= 400 for status in seen), f"nothing raced: {seen}"
    return f"{rounds} rounds, " + ", ".join(f"{count} of {status}" for status, count in sorted(seen.items()))


def names(asked, server):
    """Of those who want one slug, in one language, one has it when all are published."""
    rounds, slugs = 60 if asked.long else 10, []
    for turn in range(rounds):
        def take(number):
            body = {"headline": f"Wanted {turn}", "locale": "en", "body": [{"type": "paragraph", "text": [{"text": "Text."}]}]}
            if number % 2:
                body["slug"] = f"wanted-{turn}"
            status, _, answer = server.ask("POST", ARTICLES, json.dumps(body), JSON)
            assert status in (201, 409, 422), (status, answer)
            if status != 201:
                return None
            path = f"{ARTICLES}/{json.loads(answer)['id']}"
            status, answer = act(server, "POST", f"{path}/actions/publish", path)
            assert status in (200, 409), (status, answer)
            if status != 200:
                return None
            return f"wanted-{turn}" if asked.defect else json.loads(answer)["slug"]
        given = [slug for slug in together([lambda number=number: take(number) for number in range(8)]) if slug]
        assert len(given) >= 4 and len(given) == len(set(given)), f"a slug was given twice: {given}"
        slugs += given
    assert len(slugs) == len(set(slugs))
    return f"{len(slugs)} slugs, none twice"


def accounts(asked, server):
    """Of those who make one account at once one does, over an empty folder too, where there is no account that nobody made."""
    many = 50 if asked.long else 10
    if not asked.defect:
        made_once(asked, server, many, "first@newsroom.example")
    with folder() as own, Server(server.binary, own) as empty:
        made_once(asked, empty, many, EMAIL)
        empty.start()
        for email in ("admin@newsroom.example", "admin@copydesk.example", "admin@localhost", "admin@example.com", EMAIL):
            for password in ("admin", "password", "copydesk", "changeme", "a password of nobody"):
                body = json.dumps({"email": email, "password": password})
                assert empty.ask("POST", "/api/v1/auth/login", body, JSON, token=False)[0] in (401, 422), (email, password)
    return f"1 of {many} made the account, and of {many} the first of all"


def made_once(asked, server, many, email):
    """Has so many processes make an account of one address at the same time."""
    emails = [f"{number if asked.defect else ''}{email}" for number in range(many)]
    command = [server.binary, "user", "create", "--name", "First", "--role", "admin", "--password-stdin", "--email"]
    begun = [subprocess.Popen([*command, email], env=server.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
             for email in emails]
    for one in begun:
        one.stdin.write(PASSWORD + "\n")
        one.stdin.close()
    said = [one.stdout.read() for one in begun]
    done = [one.wait() for one in begun]
    for one in begun:
        one.stdout.close()
    assert done.count(0) == 1, f"{done.count(0)} of {many} made it: {said}"
    assert not any("panicked" in words for words in said), said


RACES = {race.__name__: race for race in (changes, states, names, accounts)}


def main():
    parser = arguments(__doc__)
    parser.add_argument("--only", choices=RACES)
    parser.add_argument("--database", help="a PostgreSQL that is empty; SQLite unless given")
    parser.add_argument("--defect", action="store_true", help="see above; each must fail")
    asked = parser.parse_args()
    settings = {"DATABASE_URL": asked.database} if asked.database else {}
    with newsroom(asked.binary, role="admin", **settings) as server:
        return each("races", RACES, asked.only, asked, server)


if __name__ == "__main__":
    sys.exit(main())
