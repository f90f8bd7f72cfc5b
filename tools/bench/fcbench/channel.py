"""Messages between the parent and a worker, over a private pair of sockets.

A message is JSON in packets of `key` + `+` (more follows) or `.` (the last).
The key is random and new for each worker and each forked child: what foreign
code writes to a descriptor that it found has none, and is noticed.
"""
import json.decoder
import json.encoder
import os
import socket

PART = 60000
LONGEST = 16 << 20
KEY = 32


def _refuse(value):
    raise TypeError("no message: %s" % type(value).__name__)


def _coder():
    """(dumps, loads) that hold the C parts of json themselves: packages that
    replace functions of that module change nothing here."""
    if json.encoder.c_make_encoder is None:  # no CPython
        return (json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode,
                json.loads)
    encode = json.encoder.c_make_encoder(
        None, _refuse, json.encoder.encode_basestring_ascii, None, ":", ",",
        False, False, False)
    scan = json.decoder.JSONDecoder().scan_once
    join = "".join

    def loads(data):
        text = data.decode("ascii")
        try:
            value, end = scan(text, 0)
        except StopIteration:
            end = -1
        if end != len(text):
            raise ValueError("no JSON")
        return value
    return (lambda value: join(encode(value, 0))), loads


_dumps, _loads = _coder()


class Forged(Exception):
    """Somebody without the key wrote to the channel."""


class Closed(Exception):
    """The other end is gone."""


def pair():
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def new_key():
    return os.urandom(KEY // 2).hex()


class Channel:
    """@param key What the messages that this end sends begin with."""

    def __init__(self, sock, key=None):
        self._send = sock.send
        self._receive = sock.recv
        self.key = key
        self._parts = {}
        self._gone = set()  # keys of senders that are no more
        self.heard = 0  # bytes so far

    def send(self, value):
        data = _dumps(value).encode("ascii")
        key = self.key.encode("ascii")
        place = 0
        while True:
            part = data[place:place + PART]
            place += PART
            last = place >= len(data)
            try:
                self._send(key + (b"." if last else b"+") + part)
            except OSError as error:
                raise Closed(str(error))
            if last:
                return

    def receive(self, keys=None):
        """One packet. @returns (key, message), message None if more follows.

        @param keys The senders that may write; by default this end's own key.
        """
        try:
            try:
                packet = self._receive(PART + KEY + 1)
            except ConnectionResetError:
                # Told once where the other end left without reading all; what
                # it had said before that comes after.
                packet = self._receive(PART + KEY + 1)
        except OSError as error:
            raise Closed(str(error))
        if not packet:
            raise Closed("end of file")
        self.heard += len(packet)
        key = packet[:KEY].decode("ascii", "replace")
        if key in self._gone:
            return key, None
        if key not in (keys or (self.key,)) or packet[KEY:KEY + 1] not in (
                b"+", b"."):
            raise Forged("foreign code wrote to the answer channel")
        parts = self._parts.setdefault(key, [])
        parts.append(packet[KEY + 1:])
        if sum(map(len, parts)) > LONGEST:
            raise Forged("an answer of more than %d bytes" % LONGEST)
        if packet[KEY:KEY + 1] == b"+":
            return key, None
        del self._parts[key]
        try:
            return key, _loads(b"".join(parts))
        except (ValueError, RecursionError):
            raise Forged("an answer that is no JSON")

    def wait(self):
        """The next whole message from the other end."""
        while True:
            message = self.receive()[1]
            if message is not None:
                return message

    def drop(self, key):
        """Forgets what a sender that is gone left half said, or not yet read:
        a copy that a benchmark forked may have spoken for it to the end."""
        self._parts.pop(key, None)
        self._gone.add(key)
