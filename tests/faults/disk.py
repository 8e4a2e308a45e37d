"""A disk that loses its power, by a model: what a log of system calls says was written, and what of it was made sure of.

The model is stricter than the file systems of Linux and of the kind that POSIX allows. Bytes of a file are kept once an fsync or
fdatasync of that file began after they were written and came back. A name is kept once the folder that it is in was synced in
the same way, whatever was done to the file: a file that was synced under a name that was not is gone. A rename is one step, as
it is on a disk with a journal, and is kept once the folder that it leads to was synced. A removal counts when its folder was
synced. What was not made sure of may be there all the same: of each write any pieces of 512 bytes, of names any steps, in any order.

It does not know what is written through memory that is mapped. SQLite does that with the index of its log alone, the file that
ends in -shm, which it makes anew after a cut; images are without it. Calls that the model does not know end the run.

Needs Python 3.9 and strace.
"""

import os
import re
import stat
import time

SECTOR = 512
NAMES = "rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,mkdir,mkdirat"
CALLS = ("open,openat,openat2,creat,close,lseek,write,pwrite64,writev,pwritev,sendto,sendmsg,ftruncate,fsync,fdatasync," + NAMES)
# Told so that a program that begins to use one of them on the folder ends the run, and is not half followed.
UNKNOWN = "truncate,fallocate,symlink,symlinkat,sync_file_range,sync,syncfs,copy_file_range,sendfile,pwritev2,splice,dup,dup2,dup3"

LINE = re.compile(r"(\d+) +(.*)", re.S)
RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)", re.S)
RESULT = re.compile(r" = (-?\d+|\?)(?:<([^>]*)>)?(?: \w+ \([^)]*\))?\s*$")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
DESCRIPTOR = re.compile(r"(-?\d+|AT_FDCWD)<([^>]*)>")


def tracing(binary, folder):
    """A program that does as `binary` and has a log kept of it, as FOLDER/log.COMMAND."""
    path = os.path.join(folder, "traced")
    with open(path, "w") as script:
        script.write(f"#!/bin/sh\nexec strace -D -f -q -y --seccomp-bpf -xx -s 100000000 -e signal=none "
                     f"-e trace={CALLS},{UNKNOWN} -o '{folder}/log.'$1 '{binary}' \"$@\"\n")
    os.chmod(path, stat.S_IRWXU)
    return path


def wait_for_end(log):
    """Until strace wrote that the first process of a log, the last to go, is gone."""
    until = time.monotonic() + 60
    with open(log, "rb") as file:
        first = file.readline().split()[0]
        while True:
            file.seek(max(0, os.path.getsize(log) - 200))
            last = file.read().splitlines()[-1]
            if last.startswith(first) and b"+++ " in last:
                return
            assert time.monotonic() < until, f"{log} has no end"
            time.sleep(0.05)


def data(text):
    return bytes.fromhex(text.replace("\\x", ""))


def name(text):
    """A path as strace writes it, in bytes that are escaped or plain."""
    return os.fsdecode(data(text)) if text.startswith("\\x") else text


class File:
    def __init__(self):
        self.sure, self.left, self.counted = bytearray(), [], 0  # what is kept, what is not, how many writes are kept
        self.size = 0

    def write(self, at, content):
        self.left.append((at, content))
        self.size = max(self.size, at + len(content))

    def cut(self, size):
        self.left.append((size, None))
        self.size = size

    def mark(self):
        return self.counted + len(self.left)

    def sync(self, mark):
        ready = max(0, mark - self.counted)
        for at, content in self.left[:ready]:
            put(self.sure, at, content)
        del self.left[:ready]
        self.counted += ready

    def after(self, chance):
        """The bytes after a cut, where what was not made sure of is there by chance."""
        if not self.left or not chance:
            return self.sure
        found = bytearray(self.sure)
        for at, content in self.left:
            if content is None:
                if chance():
                    put(found, at, None)
                continue
            begin = 0
            while begin < len(content):
                end = min(len(content), (at + begin) // SECTOR * SECTOR + SECTOR - at)
                if chance():
                    put(found, at + begin, content[begin:end])
                begin = end
        return found


def put(content, at, piece):
    """A write, or where there is nothing to write a change of length."""
    end = at + len(piece or b"")
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if piece is None:
        del content[at:]
    else:
        content[at:end] = piece


class Folder:
    def __init__(self):
        self.now, self.sure = {}, {}


class Open:
    def __init__(self, node, appends):
        self.node, self.at, self.appends = node, 0, appends


class Disk:
    """What is below a folder, as it is now and as a power cut would leave it. `ignore` says which syncs do nothing, by path."""

    def __init__(self, root, ignore=lambda path, is_folder: False):
        self.root, self.ignore = os.path.realpath(root), ignore
        self.top = Folder()
        self.steps, self.counted = [], 0  # steps of names that are not kept, and the number of the next one
        self.open, self.begun, self.syncs = {}, {}, 0

    def load(self):
        """Begins with what is below the folder on the real disk, all of it sure."""
        for above, _, names in os.walk(self.root):
            folder = self.node(above)
            for last in names:
                folder.now[last] = node = File()
                with open(os.path.join(above, last), "rb") as file:
                    node.sure.extend(file.read())
                node.size = len(node.sure)
            for last in os.listdir(above):
                folder.sure[last] = folder.now.setdefault(last, Folder())
        return self

    # Names.

    def find(self, path):
        """The folder and the name that a path leads to, or None where it leads elsewhere."""
        if not path.startswith(self.root + "/"):
            return None
        *above, last = path[len(self.root) + 1:].split("/")
        folder = self.top
        for part in above:
            folder = folder.now.get(part)
            if not isinstance(folder, Folder):
                raise LookupError(f"the model does not know the folder of {path}")
        return folder, last

    def node(self, path):
        if path == self.root:
            return self.top
        place = self.find(path)
        return place and place[0].now.get(place[1])

    def step(self, by, *changes):
        """Changes of names that happen at once, and are kept once `by` was synced: (folder, name, node, what was there)."""
        self.steps.append((self.counted, by, changes))
        self.counted += 1
        for folder, last, node, before in changes:
            self.change(folder.now, last, node, before)

    @staticmethod
    def change(names, last, node, before):
        if node is not None:
            names[last] = node
        elif names.get(last) is before:  # another may have been put there, which was kept sooner
            names.pop(last, None)

    def sync_names(self, folder, mark):
        left = []
        for one in self.steps:
            number, by, changes = one
            if by is folder and number < mark:
                for holder, last, node, before in changes:
                    self.change(holder.sure, last, node, before)
            else:
                left.append(one)
        self.steps = left

    # The log.

    def play(self, lines):
        """Follows the log of one process, yielding each line's number and the bytes that it began to send, if it did."""
        self.open, self.begun = {}, {}
        for number, line in enumerate(lines):
            task, rest = LINE.match(line).groups()
            sent = None
            if rest.startswith("<... "):
                call, rest = RESUMED.match(rest).groups()
                began, mark = self.begun.pop(task)
                self.end(call, began + rest, mark)
            elif not rest.startswith(("+++", "---")):
                call = rest[:rest.index("(")]
                sent, mark = self.begin(call, rest)
                if rest.rstrip().endswith("<unfinished ...>"):
                    self.begun[task] = rest.rstrip()[:-len("<unfinished ...>")], mark
                else:
                    self.end(call, rest, mark)
            yield number, sent

    def begin(self, call, rest):
        """What counts from when a call begins: bytes to a client, which it may read at once, and what was written before a sync."""
        if call == "close":
            # From here on the number may be given to another.
            self.open.pop(int(DESCRIPTOR.search(rest).group(1)), None)
        elif call in ("write", "writev", "sendto", "sendmsg"):
            where = DESCRIPTOR.search(rest)
            if where and name(where.group(2)).startswith(("socket:", "TCP:")):
                return b"".join(data(text) for text, _ in TEXT.findall(rest)), None
        elif call in ("fsync", "fdatasync"):
            found = self.opened(rest)
            if found:
                return None, self.counted if isinstance(found.node, Folder) else found.node.mark()
        return None, None

    def end(self, call, rest, mark):
        result = RESULT.search(rest)
        if not result:
            if rest.rstrip().endswith("= ?"):
                return
            raise ValueError(f"a line of the log is not understood: {rest[:200]} … {rest[-100:]}")
        value = result.group(1)
        if value == "?" or int(value) < 0:
            return
        arguments = rest[:result.start()]
        if call in ("open", "openat", "creat"):
            self.end_open(call, arguments, int(value))
        elif call in ("fsync", "fdatasync"):
            self.end_sync(arguments, mark)
        elif call in NAMES.split(","):
            self.end_names(call, arguments)
        elif call in ("write", "writev", "pwrite64", "pwritev", "lseek", "ftruncate"):
            self.end_write(call, arguments, int(value))
        elif call not in ("close", "sendto", "sendmsg"):
            self.end_unknown(call, arguments)

    def opened(self, arguments):
        where = DESCRIPTOR.search(arguments)
        if not where:
            return None
        found, path = self.open.get(int(where.group(1))), name(where.group(2))
        if not found and path.startswith(self.root + "/"):
            raise LookupError(f"the model did not see {path} being opened")
        return found

    def paths(self, arguments):
        """The paths of a call, whole."""
        at = [name(path) for _, path in DESCRIPTOR.findall(arguments)]
        named = [name(text) for text, _ in TEXT.findall(arguments)]
        return [os.path.normpath(os.path.join(at[min(index, len(at) - 1)] if at else "/", one)) for index, one in enumerate(named)]

    def end_open(self, call, arguments, descriptor):
        path = self.paths(arguments)[0]
        if path != self.root and not path.startswith(self.root + "/"):
            return
        assert "O_TMPFILE" not in arguments and "O_DSYNC" not in arguments and "O_SYNC" not in arguments, arguments
        node = self.node(path)
        if node is None:
            assert "O_CREAT" in arguments or call == "creat", f"the model does not know {path}"
            folder, last = self.find(path)
            node = File()
            self.step(folder, (folder, last, node, None))
        elif "O_TRUNC" in arguments or call == "creat":
            node.cut(0)
        self.open[descriptor] = Open(node, "O_APPEND" in arguments)

    def end_sync(self, arguments, mark):
        found = self.opened(arguments)
        if not found:
            return
        is_folder = isinstance(found.node, Folder)
        if self.ignore(name(DESCRIPTOR.search(arguments).group(2)), is_folder):
            return
        self.syncs += 1
        if is_folder:
            self.sync_names(found.node, mark)
        else:
            found.node.sync(mark)

    def end_write(self, call, arguments, value):
        found = self.opened(arguments)
        if not found:
            return
        if call == "lseek":
            found.at = value
            return
        if call == "ftruncate":
            found.node.cut(int(arguments.rstrip(" )").rsplit(",", 1)[1]))
            return
        pieces = TEXT.findall(arguments)
        assert not any(more for _, more in pieces), "the log does not hold all that was written"
        content = b"".join(data(text) for text, _ in pieces)[:value]
        if call.startswith("pwrite"):
            found.node.write(int(arguments.rstrip(" )").rsplit(",", 1)[1]), content)
            return
        at = found.node.size if found.appends else found.at
        found.node.write(at, content)
        found.at = at + len(content)

    def end_names(self, call, arguments):
        paths = self.paths(arguments)
        places = [self.find(path) for path in paths]
        if not any(places):
            return
        assert all(places), f"a name comes from elsewhere, or goes there: {paths}"
        assert "RENAME_" not in arguments, arguments
        folder, last = places[-1]
        if call.startswith("mkdir"):
            self.step(folder, (folder, last, Folder(), None))
        elif call.startswith(("unlink", "rmdir")):
            self.step(folder, (folder, last, None, folder.now[last]))
        else:
            from_folder, from_last = places[0]
            node = from_folder.now[from_last]
            gone = [(from_folder, from_last, None, node)] if call.startswith("rename") else []
            # A rename of one name of a file to another of the same does nothing.
            if not gone or folder.now.get(last) is not node:
                self.step(folder, (folder, last, node, None), *gone)

    def end_unknown(self, call, arguments):
        touched = [name(path) for _, path in DESCRIPTOR.findall(arguments)] + self.paths(arguments)
        whole = call in ("sync", "syncfs")
        assert not whole and not any(path.startswith(self.root) for path in touched), f"the model does not know {call}: {touched}"

    # The cut.

    def image(self, chance=None):
        """What a cut leaves: a path below the root for each file, with its bytes. What was not made sure of is there by `chance`."""
        names = {}
        for _, _, changes in self.steps if chance else ():
            if chance():
                for folder, last, node, before in changes:
                    self.change(names.setdefault(folder, dict(folder.sure)), last, node, before)
        found, waiting = {}, [("", self.top)]
        while waiting:
            path, folder = waiting.pop()
            for last, node in names.get(folder, folder.sure).items():
                if isinstance(node, Folder):
                    waiting.append((path + last + "/", node))
                elif not last.endswith("-shm"):
                    found[path + last] = node.after(chance)
        return found
