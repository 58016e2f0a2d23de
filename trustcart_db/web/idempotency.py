"""Requests that are carried out once, however often they are sent: what the client's Idempotency-Key stands for.

The key itself goes nowhere. Derived from it are a digest, by which the database knows it again; a keyed digest of the
request, for a key is not reused for another; and a key that encrypts the answer. So who has the database cannot read
what was answered, nor try out which phone number it was about, and who sends the key gets the same answer again.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trustcart_db.errors import UsageError

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
#: A short key could be guessed, and then read.
SHORTEST, LONGEST = 16, 200
#: The SQLSTATE of a key that was used for another request.
ANOTHER_REQUEST = "TC106"
_NONCE = 12


@dataclass(frozen=True)
class Once:
    """A request under its key: endpoint (method and path of the route), key_digest and fingerprint (32 bytes each)."""

    endpoint: str
    key_digest: bytes
    fingerprint: bytes
    _cipher: AESGCM = field(repr=False)
    _bound_to: bytes = field(repr=False)

    def seal(self, answer: bytes) -> bytes:
        """Encrypt an answer, bound to this user, key and endpoint."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, answer, self._bound_to)

    def unseal(self, sealed: bytes) -> bytes:
        """The answer that was sealed. Raises cryptography's InvalidTag when it is not one of this request."""
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._bound_to)


def once(key: str, user_id: int, endpoint: str, function: str, arguments: Mapping[str, object]) -> Once:
    """What a key stands for.

    Arguments: the client's key; who asks; "POST /cdm/interaction"; the function called and its arguments. Result: Once.
    Raises UsageError (400) for a key that is too short, too long, or of other than visible ASCII characters.
    """
    if not SHORTEST <= len(key) <= LONGEST or not all("!" <= character <= "~" for character in key):
        raise UsageError(
            f"{HEADER} is not of {SHORTEST} to {LONGEST} visible ASCII characters.",
            "Give each request a key of its own that nobody guesses, such as a UUID; repeated, the same.",
            field=HEADER,
        )
    derived = HKDF(SHA256(), 96, salt=None, info=b"trustcart idempotency").derive(key.encode("ascii"))
    digest, fingerprint_key, cipher_key = derived[:32], derived[32:64], derived[64:]
    asked = json.dumps([function, dict(arguments)], sort_keys=True, default=str)
    return Once(
        endpoint=endpoint,
        key_digest=digest,
        fingerprint=hmac.digest(fingerprint_key, asked.encode("utf-8", "surrogatepass"), sha256),
        _cipher=AESGCM(cipher_key),
        _bound_to=f"{user_id} {endpoint}".encode(),
    )
