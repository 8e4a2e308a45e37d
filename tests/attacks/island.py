"""A network of the test's own, where every address there is leads to one set of ports: whoever connects anywhere is seen.

The process starts again in new namespaces for the network and for mounts (`unshare`, Linux). There the kernel takes all addresses for
this machine's, so that what listens is a canary at each of them: no address needs to be thought of beforehand. Names are answered
by a server in here, with whatever a test wants to hear.
"""

import ipaddress
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

INSIDE = "COPYDESK_TEST_ISLAND"
RESOLVER = "127.0.0.53"
PORTS = (22, 80, 443, 6379, 8080)
A, CNAME, AAAA = 1, 5, 28


def move_in():
    """Does not return until it is within the namespaces; the script begins again there."""
    here = os.readlink("/proc/self/ns/net")
    # The name of where it came from: whoever has the variable from elsewhere is not within, and must not be settled.
    outside = os.environ.get(INSIDE, "")
    if outside.startswith("net:[") and outside != here:
        return settle()
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    os.environ[INSIDE] = here
    os.execvp("unshare", ["unshare", *root, "--net", "--mount", "--", sys.executable, *sys.argv])


def settle():
    """Every address becomes one of this machine's, and names are asked of the server in here."""
    for command in ("link set lo up", "route add local 0.0.0.0/0 dev lo", "-6 route add local ::/0 dev lo"):
        subprocess.run(["ip", *command.split()], check=True)
    for target, text in (("/etc/resolv.conf", f"nameserver {RESOLVER}\noptions timeout:1 attempts:2\n"), ("/etc/nsswitch.conf", "hosts: files dns\n"),
                         ("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n")):
        with tempfile.NamedTemporaryFile("w", prefix="copydesk-tests-", delete=False) as own:
            own.write(text)
        os.chmod(own.name, 0o644)
        try:
            subprocess.run(["mount", "--bind", own.name, target], check=True)
        finally:
            os.unlink(own.name)


def cut_off(address):
    """Nothing can connect to this one; it is as a machine that is down."""
    subprocess.run(["ip", "route", "add", "unreachable", address, "table", "local"], check=True)


def connections():
    """How many were begun within the network so far, to whatever port, as the kernel counts them."""
    with open("/proc/net/snmp") as counters:
        names, values = (line.split() for line in counters if line.startswith("Tcp:"))
    return int(values[names.index("ActiveOpens")])


class Canaries:
    """Take every connection, keep (address, port, first line of the request), and answer with what `answer(line)` gives."""

    def __init__(self, answer):
        self.answer, self.seen, self.lock = answer, [], threading.Lock()
        for port in PORTS:
            # IPv4 comes mapped.
            listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("::", port))
            listener.listen(512)
            threading.Thread(target=self.stand, args=(listener, port), daemon=True).start()

    def stand(self, listener, port):
        while True:
            connection, _ = listener.accept()
            address = ipaddress.ip_address(connection.getsockname()[0].split("%")[0])
            entry = [getattr(address, "ipv4_mapped", None) or address, port, ""]
            with self.lock:
                self.seen.append(entry)
            threading.Thread(target=self.serve, args=(connection, entry), daemon=True).start()

    def serve(self, connection, entry):
        with connection:
            connection.settimeout(5)
            head = b""
            try:
                while b"\r\n\r\n" not in head and len(head) < 65536:
                    got = connection.recv(65536)
                    if not got or (head + got)[:1] == b"\x16":  # TLS, for which nobody here has a certificate
                        return
                    head += got
                entry[2] = head.split(b"\r\n", 1)[0].decode("latin-1")
                connection.sendall(self.answer(entry[2]).encode("utf-8"))
            except OSError:
                return

    def taken(self, count):
        """What was seen, once that many connections were, or after three seconds."""
        until = time.monotonic() + 3
        while len(self.seen) < count and time.monotonic() < until:
            time.sleep(0.01)
        with self.lock:
            return list(self.seen)


class Names:
    """Answers names over UDP. `zone[name]` is a list of turns, each a list of addresses or the name that it is another name of;
    the first question is given the first turn, and all that come after the last one are given the last."""

    def __init__(self, zone):
        self.zone, self.asked = zone, {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((RESOLVER, 53))
        threading.Thread(target=self.stand, daemon=True).start()

    def stand(self):
        while True:
            question, client = self.socket.recvfrom(4096)
            self.socket.sendto(self.answer(question), client)

    def turn(self, name, kind):
        turns = self.zone[name]
        number = self.asked[name, kind] = self.asked.get((name, kind), -1) + 1
        return turns[min(number, len(turns) - 1)]

    def records(self, name, kind):
        """(owner, type, data) of each; None for a name that there is not."""
        if name not in self.zone:
            return None
        given = self.turn(name, kind)
        if isinstance(given, str):
            return [(name, CNAME, wire(given)), *(self.records(given, kind) or [])]
        addresses = [ipaddress.ip_address(address) for address in given]
        return [(name, kind, address.packed) for address in addresses if kind == (A if address.version == 4 else AAAA)]

    def answer(self, question):
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode("latin-1").lower())
            at += 1 + question[at]
        kind, = struct.unpack("!H", question[at + 1:at + 3])
        found = self.records(".".join(labels), kind)
        head = question[:2] + struct.pack("!HHHHH", 0x8580 | (3 if found is None else 0), 1, len(found or []), 0, 0)
        told = b"".join(wire(owner) + struct.pack("!HHIH", of, 1, 0, len(data)) + data for owner, of, data in found or [])
        return head + question[12:at + 5] + told


def wire(name):
    return b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split(".")) + b"\0"
