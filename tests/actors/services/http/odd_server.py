"""A server on the loopback that answers as it is asked to, also wrongly.

Prints its port, ends with its standard input. One connection, one thread.
"""

import gzip
import json
import socket
import sys
import threading
import time
from urllib.parse import unquote


def read_request(stream):
    line = stream.readline().decode()
    if not line:
        return None
    method, path, _ = line.split(" ", 2)
    headers = []
    while (line := stream.readline().decode().rstrip("\r\n")) != "":
        name, value = line.split(":", 1)
        headers.append([name.lower(), value.strip()])
    length = int(dict(headers).get("content-length", "0"))
    return method, path, headers, stream.read(length)


def reply(send, status, headers, body):
    head = [f"HTTP/1.1 {status} Said", *headers, f"Content-Length: {len(body)}"]
    send(("\r\n".join(head) + "\r\n\r\n").encode() + body)


def echo(send, request, _):
    method, path, headers, body = request
    text = json.dumps({"method": method, "path": path, "headers": headers,
                       "body": body.decode("latin1")})
    reply(send, 200, ["Content-Type: application/json"], text.encode())


def redirect(send, _, to):
    reply(send, 302, [f"Location: {to}", "X-Of: the redirect", "X-Only: there"],
          b"moved")


def status(send, _, code):
    reply(send, int(code), ["X-Of: the answer"], b"body of " + code.encode())


def zipped(send, _, size):
    body = gzip.compress(b"x" * int(size), 1)
    reply(send, 200, ["Content-Encoding: gzip"], body)


def badly_zipped(send, *_):
    reply(send, 200, ["Content-Encoding: gzip"], b"this was never compressed")


def slow(send, *_):
    send(b"HTTP/1.1 200 Said\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        send(b"x")
        time.sleep(0.02)


def silent(*_):
    time.sleep(60)


def cut(send, *_):
    send(b"HTTP/1.1 200 Said\r\nContent-Length: 1000\r\n\r\nonly this")


def cut_chunk(send, *_):
    send(b"HTTP/1.1 200 Said\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nonly")


def closed(*_):
    pass


def garbage(send, *_):
    send(b"\x00\x01 this is no HTTP \xff\r\n\r\n")


def early(send, *_):
    send(b"HTTP/1.1 100 Continue\r\nX-Only: early\r\n\r\n")
    reply(send, 200, ["X-Of: the answer"], b"late")


def many_headers(send, *_):
    reply(send, 200, ["X-MiXed:  spaces around \t", "X-Twice: one",
                      "X-Twice: two", "X-Empty:", "X-Colon: a:b"], b"")


ways = {x.__name__: x for x in [
    echo, redirect, status, zipped, badly_zipped, slow, silent, cut, cut_chunk,
    closed, garbage, early, many_headers]}
kept = {"echo", "redirect", "status", "zipped", "early", "many_headers"}


def serve(connection):
    stream = connection.makefile("rb")
    try:
        while (request := read_request(stream)) is not None:
            name, _, rest = request[1].removeprefix("/").partition("/")
            ways[name](connection.sendall, request, unquote(rest))
            if name not in kept:
                break
    except OSError:
        pass
    finally:
        stream.close()
        connection.close()


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=[connection],
                             daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()


main()
