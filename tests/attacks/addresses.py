#!/usr/bin/env python3
"""Links that would have the server reach into its own network: `copydesk links check` connects to no address that is not public.

    tests/attacks/addresses.py BINARY [--long] [--defect NAME]

All of it happens on an island (`island.py`), where every address is a canary that tells who connected to it. The links stand in lists
and in bodies, working and published; they are numbers in every spelling, names that lead to one address or several, to another
the second time, and pages of a public server that lead on. Each has the answer that must be told of it, and those that are
public must have been asked, or nothing would be shown. The connections that canaries saw must be all that the kernel counted.

The defects: `private` permits what must be refused, by the product's own setting; `canary` takes a public address for a canary.
The run must fail with each.

Needs Linux, root, `ip` (Debian's iproute2) and Python 3.9. Exits 1 when something is not as it should be.
"""

import collections
import ipaddress
import json
import random
import re
import sys
import urllib.parse

from island import RESOLVER, Canaries, Names, connections, cut_off, move_in
from newsroom import ARTICLES, JSON, arguments, newsroom

OPEN, ALSO_OPEN, DEAD, OPEN_6 = "93.184.216.34", "93.184.216.36", "93.184.216.35", "2a00:1450:4001:82a::200e"
# Networks that are nobody's to ask, and addresses that matter among them.
NETWORKS = ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"]
SINGLE = ["0.0.0.0", "127.0.0.1", "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "255.255.255.255", RESOLVER]
NETWORKS_6 = ["::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "2002:7f00::/24", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
              "fec0::/10", "ff00::/8"]
SINGLE_6 = ["::", "::1", "fd00:ec2::254", "fe80::1", "fe80::a9fe:a9fe", "ff02::1"]
REDIRECTS = (301, 302, 303, 307, 308)
REFUSED, MALFORMED, TURNS, WELL = "unreachable", "malformed", "too_many_redirects", "well"

# Where a link leads, and what must be told of it.
Case = collections.namedtuple("Case", "url want")


def spellings(address):
    """All ways to write an IPv4 address as a host that browsers, and those that parse addresses as they do, understand."""
    value = int(address)
    a, b, c, d = address.packed
    high, low = value >> 16, value & 0xffff
    wide = str.maketrans("0123456789.", "0123456789。")
    small = str.maketrans(".", "。")
    return [
        f"{a}.{b}.{c}.{d}", f"{a}.{b}.{c}.{d}.", f"{value}", f"{value}.", f"0x{value:x}", f"0X{value:08X}", f"0{value:o}", f"0000000{value:o}",
        f"{a}.{value & 0xffffff}", f"{a}.{b}.{low}", f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}", f"0{a:o}.0x{b:x}.{low}",
        f"{a}.{b}.{c}.{d}".translate(wide), f"{a}.{b}.{c}.{d}".translate(small), "".join(f"%{ord(sign):02x}" for sign in f"{a}.{b}.{c}.{d}"),
        f"[::ffff:{a}.{b}.{c}.{d}]", f"[::FFFF:{high:X}:{low:x}]", f"[0:0:0:0:0:ffff:{high:x}:{low:x}]", f"[64:ff9b::{a}.{b}.{c}.{d}]",
        f"[::{a}.{b}.{c}.{d}]", f"[2002:{high:x}:{low:x}::1]", f"[::ffff:0:{a}.{b}.{c}.{d}]",
    ]


def hosts(rng, long):
    """Hosts of forbidden addresses. Each network's spellings are of addresses all its own: pages of one host are asked a second apart."""
    found = []
    for network in map(ipaddress.ip_network, NETWORKS):
        for _ in range(8 if long else 1):
            count = len(spellings(network[0]))
            found += [spellings(network[rng.randrange(network.num_addresses)])[number] for number in range(count)]
    for address in map(ipaddress.ip_address, SINGLE):
        found += rng.sample(spellings(address), 23 if long else 4)
    for network in map(ipaddress.ip_network, NETWORKS_6):
        for _ in range(20 if long else 3):
            found.append(f"[{network[rng.randrange(network.num_addresses)]}]")
    return found + [f"[{address}]" for address in SINGLE_6] + [f"[{ipaddress.ip_address(address).exploded.upper()}]" for address in SINGLE_6]


class Plan:
    """The cases, each with a number that stands in its address, the names that they need, and the addresses that may be asked."""

    def __init__(self, rng, public):
        self.rng, self.public, self.cases, self.zone, self.doors, self.count = rng, public, {}, {}, [], 0

    def number(self):
        self.count += 1
        return self.count

    def add(self, host, want, path="", scheme="http", port=""):
        number = self.number()
        self.cases[number] = Case(f"{scheme}://{host}{port}/c{number}{path}", want)

    def name(self, *turns, label=None):
        """A name that is asked for the first time."""
        name = f"{label or 'n'}{len(self.zone)}.island.example"
        self.zone[name] = list(turns)
        return name

    def lead(self, target, want=REFUSED, kind="302", host=None):
        """A page of the public server that leads to `target`, in which `%` is the number."""
        self.add(host or self.name([OPEN]), want, f"/{kind}?" + urllib.parse.quote(target.replace("%N", f"/c{self.count + 1}"), safe=""))


def literals(plan, some):
    """The numbers themselves, on each port and scheme."""
    for host in some:
        plan.add(host, REFUSED, scheme=plan.rng.choice(["http", "http", "https", "HTTP"]), port=plan.rng.choice(["", "", ":80", ":8080", ":22", ":65535", ":443"]))
    for host in (OPEN, f"[{OPEN_6}]", str(int(ipaddress.ip_address(OPEN))), f"[::ffff:{OPEN}]"):
        plan.add(host, WELL)
    plan.add(ALSO_OPEN, WELL, port=":8080")
    plan.add(DEAD, REFUSED)
    for url in ("http://10.0.0.1:99999/", "ftp://10.0.0.1/", "gopher://10.0.0.1:6379/_x", "file:///etc/passwd", "//10.0.0.1/", "http:///", "http://[::1%25lo]/",
                "http://0x100000000/", "http://1.2.3.4.5/", "http://256.0.0.1/", "http://[::ffff:127.0.0.1/", "http://127.0.0.1\t/x", "http://10.0.0.1\n/"):
        plan.doors.append(url)
    for login in ("reader@", "reader:word@", ":word@", "island.example:80@"):
        plan.doors.append(f"http://{login}127.0.0.1/")


def redirects(plan, some):
    """Pages of a public server that lead to each of them, however that is written."""
    writings = ["http://{}%N", "//{}%N", "https://{}%N", "http:{}%N", "HTTP://{}:8080%N", "http:\\\\{}%N", "\\\\{}%N", "/\\{}%N", "http:////{}%N", " http://{}%N ",
                "http://{}:22%N", "http://{}%N#@" + OPEN, "http://{}\\@" + OPEN + "%N", "ht\ttp://{}%N"]
    for number, host in enumerate(some):
        # Without `//` an address of the scheme of the page is one on the same server.
        writing = writings[number % len(writings)]
        own = writing.startswith("http:{}")
        plan.lead(writing.format(host), WELL if own else REFUSED, str(REDIRECTS[number % 5]))
    for kind in REDIRECTS:
        private = plan.name(["10.3.4.5", "fd00::3"])
        for target in (f"http://{private}%N", f"//{private}%N", "http://127.0.0.1%N", "http://[::1]%N", "http://169.254.169.254/latest/meta-data/"):
            plan.lead(target, kind=str(kind))
            plan.lead(target, kind=f"asked-{kind}")  # HEAD is refused, and GET leads on
        again = urllib.parse.quote(f"http://192.168.{kind % 256}.1/end")
        plan.lead(f"http://{plan.name([OPEN])}/{kind}?{again}", kind=str(kind))
        plan.lead(f"http://{plan.name([OPEN])}/ok", WELL, str(kind))
        plan.lead(f"http://{plan.name([OPEN_6])}/ok", WELL, f"asked-{kind}")
    for target in ("ftp://10.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_x", "http://reader:word@127.0.0.1/", f"http://{OPEN}@10.0.0.1/",
                   "http://10.0.0.1:0/", "javascript:1", "http://", "http://[::1%25lo]/"):
        plan.lead(target, MALFORMED)
    plan.lead("", TURNS)


def names(plan, private):
    """What names lead to: one address, several of both kinds, other names, and another address the second time."""
    zone = plan.zone
    for address in private:
        version = ipaddress.ip_address(address).version
        mapped = [f"::ffff:{address}"] if version == 4 else []
        plan.add(plan.name([address]), REFUSED)
        plan.add(plan.name([address]).upper() + ".", REFUSED, port=":8080")
        plan.add(plan.name([address]), REFUSED, scheme="https")
        plan.add(plan.name([address, *mapped]), REFUSED)
        if mapped:
            plan.add(plan.name(mapped), REFUSED)
        plan.add(plan.name(plan.name(plan.name([address]))), REFUSED)
        # Only what is public of several is asked, in whatever order they come, and what is left when that is down is not asked.
        plan.add(plan.name([address, OPEN]), WELL)
        plan.add(plan.name([OPEN, address, *mapped]), WELL)
        plan.add(plan.name([OPEN_6, address]), WELL)
        plan.add(plan.name([DEAD, address]), REFUSED)
        # Another address for the second request: where the page leads to itself, and where GET follows a HEAD that was refused.
        for turns in ([[OPEN], [address]], [[OPEN], [address, *mapped]], [[OPEN], plan.name([address])]):
            for kind in ("302", "308", "asked-307"):
                name = plan.name(*turns, label="turns")
                plan.lead(f"http://{name}:8080%N/again", host=name, kind=kind)
            plan.add(plan.name(*turns, label="turns"), REFUSED, "/asked-200")
            # One that turns back is asked where it is public, and is not asked where it is not.
            plan.add(plan.name(turns[1], turns[0], label="turns"), REFUSED)
        plan.lead("http://" + plan.name([address]) + "%N", kind="307")
        plan.lead("http://" + plan.name([DEAD, address]) + "%N", kind="301")
    # Letters that only look like others make other names, and those that mean the same make the same.
    for look in ("lоcalhost", "іsland.example", "открыто.example"):
        zone[look.encode("idna").decode("ascii")] = [["127.0.0.9"]]
        plan.add(look, REFUSED)
    zone["localhost"] = [["127.0.0.1"]]
    for host in ("LOCALHOST", "localhost.", "local%68ost", "ⓛⓞⓒⓐⓛHoſt", "nobody.island.example"):
        plan.add(host, REFUSED)


def answer(line):
    """What a page says: `…/302?ADDRESS` leads on, `…/asked-302?ADDRESS` does once it is asked with GET, all else is there."""
    method, target, _ = (line + "  ").split(" ", 2)
    path, _, query = target.partition("?")
    kind = re.search(r"/(asked-)?(\d{3})$", path)
    if kind and kind[1] and method == "HEAD":
        return "HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n"
    if not kind or kind[2] == "200":
        return "HTTP/1.1 200 Here\r\nContent-Length: 0\r\n\r\n"
    return f"HTTP/1.1 {kind[2]} There\r\nLocation: {urllib.parse.unquote(query)}\r\nContent-Length: 0\r\n\r\n"


def write(server, plan):
    """Articles with the links, 100 in each, by turns in its list and in its body; each second one is published. What is taken at the door."""
    cases, wrong = list(plan.cases.items()), []
    for start in range(0, len(cases), 100):
        links = [{"url": case.url, "title": f"Case {number}"} for number, case in cases[start:start + 100]]
        story = {"headline": f"Links from {start}"}
        if start % 200:
            story["body"] = [{"type": "paragraph", "text": [{"text": "They say so."}]}] + [dict(link, type="related_article") for link in links]
        else:
            story["related"] = links
            story["body_html"] = "".join(f'<p>So <a href="{url}">they say</a>.</p>' for url in ("http://10.9.8.7/body", "http://body.island.example/", "http://[::1]/"))
        status, _, body = server.ask("POST", ARTICLES, json.dumps(story), JSON)
        if status != 201:
            raise SystemExit(f"links {start} and on are not taken: {status} {body.decode()[:2000]}")
        made = json.loads(body)
        if start % 400 < 200:
            status, _, body = server.ask("POST", f"{ARTICLES}/{made['id']}/actions/publish", None, {"If-Match": f'"{made["revision"]}"'})
            if status != 200:
                raise SystemExit(f"an article with links is not published: {status} {body.decode()[:600]}")
    for url in plan.doors:
        status, _, body = server.ask("POST", ARTICLES, json.dumps({"headline": "No", "related": [{"url": url, "title": "No"}]}), JSON)
        if status != 422 or "url" not in body.decode():
            wrong.append(f"{url!r} was answered {status} {body.decode()[:200]}")
    return wrong


def reported(server):
    """What editors are told: {number: failure or status}."""
    found, cursor = {}, ""
    while cursor is not None:
        status, _, body = server.ask("GET", f"/api/v1/editor/reports/broken-links?limit=100{cursor}")
        assert status == 200, body
        page = json.loads(body)
        for item in page["items"]:
            found[numbered(item["link"]["url"])] = item["answer"].get("failure") or str(item["answer"]["status"])
        cursor = page.get("next_cursor") and "&cursor=" + urllib.parse.quote(page["next_cursor"])
    return found


def numbered(url):
    found = re.search(r"/c(\d+)", url)
    return int(found[1]) if found else 0


def planned(server, asked):
    rng = random.Random(asked.seed)
    plan = Plan(rng, {OPEN, OPEN_6, ALSO_OPEN} - ({OPEN} if asked.defect == "canary" else set()))
    some = hosts(rng, asked.long)
    literals(plan, some)
    redirects(plan, some)
    private = [str(ipaddress.ip_network(network)[rng.randrange(2, 200)]) for network in NETWORKS] + SINGLE[:5] + SINGLE_6[1:4]
    names(plan, private if asked.long else rng.sample(private, 6))
    # The server itself, which is on the loopback like all that only its machine may ask.
    host, port = server.address.rsplit(":", 1)
    plan.add(host, REFUSED, port=f":{port}")
    plan.lead(f"http://{server.address}%N")
    plan.zone["body.island.example"] = [["10.9.8.6"]]
    return plan


def judged(plan, seen, failed, told):
    """What is wrong with what canaries saw, with what the command printed and with what editors are told."""
    wrong = [f"{address} port {port} saw a connection, {line!r}" for address, port, line in seen if str(address) not in plan.public]
    answered = {numbered(line) for _, _, line in seen}
    for number, case in plan.cases.items():
        if case.want == WELL and number not in answered:
            wrong.append(f"{case.url!r} is public, and was not asked")
        for where, got in (("printed", failed), ("reported", told)):
            if got.get(number, WELL) != case.want:
                wrong.append(f"{case.url!r} is {where} as {got.get(number, WELL)!r}, not as {case.want!r}")
    return wrong


def run(asked, canaries):
    settings = {"COPYDESK_OUTBOUND_ALLOW_PRIVATE": "true"} if asked.defect == "private" else {}
    with newsroom(asked.binary, **settings) as server:
        plan = planned(server, asked)
        Names(plan.zone)
        wrong = write(server, plan)
        assert not canaries.seen, f"writing alone connects: {canaries.seen}"
        before = connections()
        *lines, last = server.command("links", "check", "--most", "100000").splitlines()
        count = connections() - before
        seen = canaries.taken(count)
        told = reported(server)
    failed = {numbered(url): word for word, url in (line.split(" ", 1) for line in lines)}
    assert last.startswith(f"{len(failed)} of {len(plan.cases)} pages"), last
    if count != len(seen):
        wrong.append(f"{count} connections were begun, and canaries saw {len(seen)}")
    wrong += judged(plan, seen, failed, told)
    strangers = sum(str(address) not in plan.public for address, _, _ in seen)
    wants = collections.Counter(case.want for case in plan.cases.values())
    for one in wrong[:40]:
        print(one)
    print(f"addresses: {len(plan.cases)} links, {wants[REFUSED]} to be refused, {wants[WELL]} public, {wants[MALFORMED] + wants[TURNS]} led nowhere, "
          f"{len(plan.doors)} refused when written; {count} connections, {strangers} of them to a canary, {len(wrong)} things wrong")
    return 1 if wrong else 0


def main():
    parser = arguments(__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--defect", choices=("private", "canary"))
    asked = parser.parse_args()
    move_in()
    cut_off(DEAD)
    return run(asked, Canaries(answer))


if __name__ == "__main__":
    sys.exit(main())
