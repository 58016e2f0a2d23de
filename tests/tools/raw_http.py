"""HTTP as bad clients speak it: raw bytes on a socket."""

from __future__ import annotations

import json
import socket
from urllib.parse import urlsplit


def connect(url: str, seconds: float = 20) -> socket.socket:
    """Connect to a site. Arguments: its URL; how long to wait for anything. Raises OSError."""
    address = urlsplit(url)
    return socket.create_connection((address.hostname, address.port), seconds)


def read_all(connection: socket.socket) -> bytes:
    """Everything until the server closes. Raises TimeoutError when it does not."""
    said = b""
    while piece := connection.recv(65536):
        said += piece
    return said


def read_one(connection: socket.socket) -> int:
    """Read one answer of a connection that is kept. Result: its status. Raises TimeoutError."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += connection.recv(65536)
    status, headers, body = answer(said)
    while len(body) < int(headers["content-length"]):
        body += connection.recv(65536)
    return status


def answer(said: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the first answer in it."""
    head, _, body = said.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split()[1]), headers, body


def refusal(connection: socket.socket) -> tuple[int, dict[str, object]]:
    """Status and problem of an answer after which the server closes."""
    status, headers, body = answer(read_all(connection))
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"
    return status, json.loads(body[: int(headers["content-length"])])
