"""What `serve` is started with, read from its options and the environment."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass, field

from trustcart_db.auth.tokens import Keys

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


@dataclass(frozen=True)
class Limits:
    """What one request, and all of them together, may take.

    answer_seconds: until it is answered, a stream excepted; what the database may take follows from it.
    receive_seconds: for its head to arrive, and for its body again. head_bytes, body_bytes. requests: in progress at
    once, streams excepted. sockets: open at once, streams and idle ones included. stop_seconds: for what is in progress
    when the server is told to stop. replica_lag_seconds: how far behind the replica may be to be read.
    """

    answer_seconds: float = 30.0
    receive_seconds: float = 15.0
    head_bytes: int = 32 * 1024
    body_bytes: int = 1024 * 1024
    requests: int = 200
    sockets: int = 4000
    stop_seconds: int = 20
    replica_lag_seconds: float = 10.0

    @property
    def statement_seconds(self) -> float:
        """For one statement: less than for the answer, which then says so."""
        return self.answer_seconds * 0.8

    @property
    def wait_seconds(self) -> float:
        """For a connection of the pool, and again for a lock."""
        return self.answer_seconds / 6


@dataclass(frozen=True)
class Config:
    """How the face runs.

    conninfo (of a login role in trustcart_gateway), direct (the same without a pooler, to listen on; None: there is no
    pooler), replica (the same at a replica, to read from, or None), keys (of tokens), secret (signs CSRF tokens; in no
    repr), phone_key (while phones are encrypted, else None), most_connections (to each server), hosts (names that
    browsers may call us by; "*": any), origins (of other sites whose scripts may ask the API), metrics_from (networks
    that may read /metrics), limits.
    """

    conninfo: str = field(repr=False)
    keys: Keys
    secret: bytes = field(repr=False)
    direct: str | None = field(default=None, repr=False)
    replica: str | None = field(default=None, repr=False)
    phone_key: str | None = field(default=None, repr=False)
    most_connections: int = 10
    hosts: tuple[str, ...] = ("*",)
    origins: tuple[str, ...] = ()
    metrics_from: tuple[Network, ...] = LOOPBACK
    limits: Limits = Limits()


def form_secret(keys: Keys) -> bytes:
    """The secret of CSRF tokens: that of the tokens' signatures in other clothes, so that it outlives a restart and
    several processes share it. Argument: keys. Result: 32 bytes; random ones where only a public key is known, with
    which nobody signs in here."""
    if keys.signing is None:
        return secrets.token_bytes(32)
    if isinstance(keys.signing, bytes):
        known = keys.signing
    else:
        from cryptography.hazmat.primitives import serialization as form

        known = keys.signing.private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())
    return hmac.digest(known, b"trustcart forms", hashlib.sha256)
