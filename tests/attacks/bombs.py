#!/usr/bin/env python3
"""Bombs and strings: what is small to send and dear to take is refused in 100 ms, and memory stays where it was.

    tests/attacks/bombs.py BINARY [--long] [--patience TIMES]

JSON that is deep, wide, long or no JSON; HTML and Markdown that nest; numbers at the ends of their ranges; limits that are none;
cursors that are forged. Each must be answered with what the table says, never by a 5xx, within 100 ms of the server's time on a
processor (the best of three) and a second of any; `--patience 3` gives three times as much to a machine that others use, too. After a
first round memory must not grow by 16 MiB over all of them, three times in a row. What is accepted must be read back and taken again.

Needs Python 3.9. Exits 1 when something is not as it should be.
"""

import base64
import json
import os
import random
import sys
import time

from newsroom import ARTICLES, JSON, arguments, memory, newsroom

REFUSED = (400, 413, 422)
TAKEN = (200, 201)
# Seconds of an answer, and MiB of a round.
BOUND, GROWTH = 0.1, 16
LISTS = ("/api/v1/articles", "/api/v1/contributors", "/api/v1/tags", ARTICLES, "/api/v1/editor/media", "/api/v1/editor/audit",
         "/api/v1/editor/tags", "/api/v1/search?q=the", "/api/v1/editor/schedule", "/api/v1/editor/reports/missing-alt")


def story(body=None, **more):
    return json.dumps({"headline": "A story", **({"body": body} if body is not None else {}), **more}, ensure_ascii=False).encode("utf-8", "surrogatepass")


def paragraph(text):
    return {"type": "paragraph", "text": [{"text": text}]}


def nested(depth, leaf=b"1"):
    return b'{"headline": "x", "custom": {"a": ' + b'{"a":' * depth + leaf + b"}" * depth + b"}}"


def documents():
    """Names, bodies of a new article, and what they may be answered."""
    for depth in (33, 100, 1_000, 100_000):
        yield f"objects {depth} deep", nested(depth), REFUSED
        yield f"arrays {depth} deep", b'{"headline": "x", "custom": {"a": ' + b"[" * depth + b"]" * depth + b"}}", REFUSED
    yield "a million brackets", b"[" * 1_000_000, REFUSED
    yield "two million brackets", b"[" * 2_097_153, REFUSED
    yield "a million unclosed objects", b'{"a":' * 400_000, REFUSED
    yield "a million names", b'{"headline": "x", "custom": {' + b",".join(b'"%d":1' % one for one in range(150_000)) + b"}}", REFUSED
    yield "a name a hundred thousand times", b"{" + b'"headline":"x",' * 100_000 + b'"deck":"y"}', REFUSED + TAKEN
    yield "unknown names", b'{"headline":"x",' + b",".join(b'"u%d":1' % one for one in range(100_000)) + b"}", REFUSED
    yield "a number of a million digits", b'{"headline": "x", "custom": {"n": ' + b"9" * 1_000_000 + b"}}", REFUSED + TAKEN
    for number in (b"1e999999999", b"-1e400", b"0e999999999999", b"1e-999999999", b"NaN", b"Infinity", b"-", b"01", b"1.", b".5", b"0x10", b"1_000"):
        yield f"the number {number.decode()}", b'{"headline": "x", "custom": {"n": ' + number + b"}}", REFUSED + (TAKEN if number in (b"0e999999999999", b"1e-999999999") else ())
    for name, text in [("a lone surrogate", b'"\\ud800"'), ("two of the wrong order", b'"\\udc00\\ud800"'), ("NUL", b'"\\u0000"'), ("a raw control", b'"\x01"'),
                       ("no UTF-8", b'"\xff\xfe"'), ("overlong UTF-8", b'"\xc0\xaf"'), ("a surrogate in UTF-8", b'"\xed\xa0\x80"'), ("an escape of nothing", b'"\\x41"'),
                       ("a million backslashes", b'"' + b"\\" * 1_000_000 + b'"'), ("a headline of 2 MB", b'"' + b"a" * 2_000_000 + b'"'), ("a headline of combining marks", b'"' + "e\u0301".encode() * 300_000 + b'"'),
                       ("a headline of one letter and its marks", b'"a' + "\u0301\u0327".encode() * 200_000 + b'"'), ("a ligature that grows", b'"' + "\ufdfa".encode() * 200_000 + b'"')]:
        yield f"a headline: {name}", b'{"headline": ' + text + b"}", REFUSED
    yield "a byte order mark", b"\xef\xbb\xbf" + story(), REFUSED + TAKEN
    yield "UTF-16", story().decode().encode("utf-16"), REFUSED
    yield "what follows the end", story() + b"{}", REFUSED
    yield "a comment", b'{"headline": "x" /* y */}', REFUSED
    yield "a trailing comma", b'{"headline": "x",}', REFUSED
    yield "nothing", b"", REFUSED
    yield "a body of 100,000 blocks", story([{"type": "divider"}] * 50_000), REFUSED
    yield "a paragraph of 200,000 runs", b'{"headline":"x","body":[{"type":"paragraph","text":[' + b",".join([b'{"text":"a"}'] * 150_000) + b"]}]}", REFUSED
    yield "100,000 marks", story([{"type": "paragraph", "text": [{"text": "a", "marks": ["strong"] * 100_000}]}]), REFUSED + TAKEN
    quote = paragraph("a")
    for _ in range(40):
        quote = {"type": "quote", "body": [quote], "text": [{"text": "a"}], "blocks": [quote]}
        if len(json.dumps(quote)) > 1_000_000:
            break
    yield "blocks in blocks", story([quote]), REFUSED


def markup():
    """The same of HTML and of Markdown; what nests may be cut or refused, and is never dear."""
    for tag in ("div", "b", "blockquote", "ul><li", "table><tr><td", "a href='x'", "svg", "math", "select", "template", "noscript", "p", "font"):
        for depth in (65, 1_000, 20_000):
            yield "html", f"{depth} <{tag}>", f"<{tag}>" * depth + "x"
    yield "html", "an open comment", "<!--" * 100_000
    yield "html", "open tags", "<a" * 300_000
    yield "html", "an attribute of 1 MB", "<a title='" + "x" * 1_000_000 + "'>a</a>"
    yield "html", "100,000 attributes", "<a " + " ".join(f"a{one}=1" for one in range(100_000)) + ">a</a>"
    yield "html", "entities", "&amp;" * 200_000
    yield "html", "no entities", "&" * 500_000
    yield "html", "end tags of nothing", "</p>" * 200_000
    yield "html", "mis-nested", "<b><i></b></i>" * 50_000
    yield "html", "an adoption", "<a><div>" * 20_000
    yield "html", "formatting that comes back", "<b><p>" * 20_000
    for name, text in [("quotes", "> " * 50_000 + "a"), ("lists", "".join("  " * one + "- a\n" for one in range(1_000))), ("brackets", "[" * 200_000), ("links", "[a](" * 100_000),
                       ("stars", "*a_" * 200_000), ("images", "![" * 200_000), ("backticks", "".join("a" + "`" * one for one in range(1_500))), ("angle", "<" * 500_000), ("references", "[a]: /x\n" * 100_000 + "[a]" * 10_000),
                       ("tables", "|" * 100_000 + "\n" + "|-" * 50_000 + "\n"), ("emphasis", "*" * 500_000 + "a"), ("tildes", "~" * 500_000), ("hashes", "# " * 200_000), ("autolinks", "http://a" * 100_000), ("entities", "&#" * 300_000)]:
        yield "markdown", name, text


def processor(server):
    """Seconds that all threads of the server were at work."""
    spent, tasks = 0, f"/proc/{server.process.pid}/task"
    for task in os.listdir(tasks):
        try:
            with open(f"{tasks}/{task}/schedstat") as file:
                spent += int(file.read().split()[0])
        except OSError:
            pass  # a thread that ended
    return spent / 1e9


def best(server, patience, *call, tries=3):
    """The answer, and the least time on a processor that it took in three; all the time, where that is more than a second, or `patience` of them."""
    least, answer = 1e9, None
    for _ in range(tries):
        began, spent = time.monotonic(), processor(server)
        answer = server.ask(*call)
        took, spent = time.monotonic() - began, processor(server) - spent
        least = min(least, took if took > patience else spent)
        if least < BOUND * patience:
            break
    return answer, least


def judge(name, answer, took, allowed, wrong, patience):
    if answer[0] not in allowed:
        wrong.append(f"{name}: answered {answer[0]} {answer[2][:150]}")
    elif took > BOUND * patience:
        wrong.append(f"{name}: answered {answer[0]} after {took * 1000:.0f} ms")
    if answer[0] >= 400 and len(answer[2]) > 64_000:
        wrong.append(f"{name}: the refusal has {len(answer[2])} bytes")


def limits(server, wrong, patience):
    counted = 0
    for path in LISTS:
        mark = "&" if "?" in path else "?"
        for value in ("-1", "0", "101", "2147483648", "9223372036854775808", "1e3", "1.0", "%2B1", "", "%D9%A1", "0x1", "01" * 50, "1;2", "1%00", "10&limit=20"):
            answer, took = best(server, patience, "GET", f"{path}{mark}limit={value}")
            judge(f"{path} limit={value}", answer, took, (400,), wrong, patience)
            counted += 1
    return counted


def cursors(server, wrong, rounds, patience):
    """Cursors that are changed, foreign, cut and made up: each is refused."""
    rng, counted = random.Random(1), 0
    given = {}
    for path in LISTS:
        mark = "&" if "?" in path else "?"
        status, _, body = server.ask("GET", f"{path}{mark}limit=1")
        assert status == 200, (path, body)
        if json.loads(body).get("next_cursor"):
            given[path] = json.loads(body)["next_cursor"]
    assert len(given) >= 5, f"too few lists have a second page: {list(given)}"
    for path in LISTS:
        mark = "&" if "?" in path else "?"
        foreign = [cursor for other, cursor in given.items() if other != path]
        made = []
        own = given.get(path, next(iter(given.values())))
        for _ in range(rounds):
            at = rng.randrange(len(own))
            made.append(own[:at] + rng.choice("ABCxyz019-_") + own[at + 1:])
            made.append(own[:at])
            made.append(own + own[:at + 1])
        foreign += ["A", "=" * 10, "%00", "%F0%9F%98%80", "null", "{}", "0", "-1", "' OR 1=1 --", "x" * 7000]
        foreign += [base64.urlsafe_b64encode(one).decode().rstrip("=") for one in (b"{}", b"[]", b"null", b'{"id":"x"}', b"\0" * 40, b"\xff" * 40, b"[" * 3000)]
        for cursor in foreign + made:
            if cursor == own and path in given:
                continue
            quoted = cursor.replace(" ", "%20").replace("{", "%7B").replace("}", "%7D")
            answer, took = best(server, patience, "GET", f"{path}{mark}cursor={quoted}")
            judge(f"{path} cursor={cursor[:60]}", answer, took, (400,), wrong, patience)
            counted += 1
    return counted


def texts(server, wrong, patience):
    """What documents and markup are answered, and whether what was taken can be read."""
    counted = 0
    for name, document, allowed in documents():
        answer, took = best(server, patience, "POST", ARTICLES, document, JSON)
        judge(name, answer, took, allowed, wrong, patience)
        counted += 1
    for kind, name, text in markup():
        answer, took = best(server, patience, "POST", ARTICLES, story(**{f"body_{kind}": text}), JSON)
        judge(f"{kind}: {name}", answer, took, REFUSED + TAKEN, wrong, patience)
        if answer[0] in TAKEN:
            read, slow = best(server, patience, "GET", f"{ARTICLES}/{json.loads(answer[2])['id']}?body=html")
            judge(f"{kind}: {name}, read", read, slow, (200, 400), wrong, patience)
        counted += 1
    return counted


def main():
    parser = arguments(__doc__)
    parser.add_argument("--patience", type=float, default=1, help="times of the 100 ms that an answer may take, for a machine that others use, too")
    asked = parser.parse_args()
    wrong, counted = [], 0
    with newsroom(asked.binary, articles=120, role="admin") as server:
        for name in ("a", "b", "c"):
            for kind in ("tags", "contributors"):
                server.ask("POST", f"/api/v1/editor/{kind}", json.dumps({"name": f"Made {name}", "slug": f"made-{name}"}), JSON)
        # What is kept for good, as buffers of threads are, is so after the first of all.
        for _, document, _ in documents():
            server.ask("POST", ARTICLES, document, JSON)
        for kind, _, text in markup():
            server.ask("POST", ARTICLES, story(**{f"body_{kind}": text}), JSON)
        grown = []
        # An allocator gives back late, and to whom it likes; what is lost is lost in each round.
        while len(grown) < 3 and (not grown or grown[-1][1] - grown[-1][0] > GROWTH):
            before = memory(server)
            for _ in range(5 if asked.long else 1):
                counted += texts(server, wrong, asked.patience)
            counted += limits(server, wrong, asked.patience)
            counted += cursors(server, wrong, 100 if asked.long else 10, asked.patience)
            grown.append((before, memory(server)))
        peak = server.peak()
        if grown[-1][1] - grown[-1][0] > GROWTH:
            wrong.append("memory grew " + ", ".join(f"from {before:.0f} to {after:.0f} MiB" for before, after in grown))
    for one in wrong:
        print("  " + one)
    before, after = grown[-1]
    print(f"bombs: {counted} requests, {len(wrong)} wrong; memory {before:.0f} to {after:.0f} MiB, at most {peak} MB")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
