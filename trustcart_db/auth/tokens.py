"""Tokens: JWTs as in the guide, issued after a sign-in and verified with every request.

Which algorithm is used follows from the configured key and never from the token: a shared secret means HS256, a key
pair RS256. A token says who it is for; what that user may do, and whether the token still holds, the database says:
`select trustcart.act_as(claims.user_id, claims.issued_at)`.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType

from trustcart_db.errors import MissingError, RefusedError, UsageError, contract_for

SECRET, PUBLIC_KEY_FILE, PRIVATE_KEY_FILE = (
    "TRUSTCART_JWT_SECRET",
    "TRUSTCART_JWT_PUBLIC_KEY_FILE",
    "TRUSTCART_JWT_PRIVATE_KEY_FILE",
)
AUDIENCE, ISSUER, LIFETIME = "TRUSTCART_JWT_AUDIENCE", "TRUSTCART_JWT_ISSUER", "TRUSTCART_JWT_LIFETIME_MINUTES"

#: The guide's roles.
ROLES = ("crm_agent", "crm_manager", "admin")
#: Clocks of two machines differ.
LEEWAY = timedelta(seconds=10)

_NOT_SIGNED_IN = "TC402"
_LEAST_SECRET_BYTES = 32
_LEAST_RSA_BITS = 2048
# Longer than any of ours, and shorter than what it would take to keep a parser busy.
_MOST_LENGTH = 8192
_MOST_LIFETIME_MINUTES = 31 * 24 * 60
_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_USER_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_REQUIRED = ("exp", "iat", "aud", "sub", "role")


class TokenError(RefusedError):
    """The token is not one of ours, or no longer: HTTP 401, as TC402. Its message never holds any of the token."""

    def __init__(self, message: str, hint: str = "Sign in again.") -> None:
        contract = contract_for(_NOT_SIGNED_IN)
        super().__init__(
            message, hint, sqlstate=_NOT_SIGNED_IN, http_status=contract.http_status, exit_code=contract.exit_code
        )


@dataclass(frozen=True)
class Keys:
    """How tokens are signed: algorithm ("HS256" or "RS256"), audience, issuer (None: any), lifetime. The keys
    themselves are in no repr: verifying (bytes or an RSA public key), signing (None: this one cannot issue)."""

    algorithm: str
    audience: str
    issuer: str | None
    lifetime: timedelta
    verifying: object = field(repr=False)
    signing: object | None = field(repr=False)


@dataclass(frozen=True)
class Claims:
    """What a verified token says: user_id (users.id), role (crm_agent, crm_manager or admin, as it was when issued),
    issued_at, expires_at (aware datetimes)."""

    user_id: int
    role: str
    issued_at: datetime
    expires_at: datetime


def read_keys(environment: Mapping[str, str] = os.environ) -> Keys:
    """Read the configuration.

    Argument: the environment. Result: Keys, from TRUSTCART_JWT_SECRET, or from TRUSTCART_JWT_PUBLIC_KEY_FILE and, where
    tokens are issued, TRUSTCART_JWT_PRIVATE_KEY_FILE; with TRUSTCART_JWT_AUDIENCE (trustcart), TRUSTCART_JWT_ISSUER
    (none) and TRUSTCART_JWT_LIFETIME_MINUTES (480). Raises UsageError, which names the variable and never its value;
    MissingError without PyJWT.
    """
    _jwt()
    secret = environment.get(SECRET)
    public_file, private_file = environment.get(PUBLIC_KEY_FILE), environment.get(PRIVATE_KEY_FILE)
    if secret and (public_file or private_file):
        raise UsageError(
            f"{SECRET} and a key file are both set.", "One key, one algorithm: a secret means HS256, a key pair RS256."
        )
    if secret:
        algorithm, verifying = "HS256", _read_secret(secret)
        signing = verifying
    elif public_file or private_file:
        algorithm = "RS256"
        verifying, signing = _read_key_pair(public_file, private_file)
    else:
        raise UsageError(
            "No key for tokens is configured.", f"Set {SECRET} (32 bytes or more), or {PUBLIC_KEY_FILE} for RS256."
        )
    minutes = environment.get(LIFETIME) or "480"
    if not re.fullmatch(r"[0-9]{1,5}", minutes, re.ASCII) or not 1 <= int(minutes) <= _MOST_LIFETIME_MINUTES:
        raise UsageError(f"{LIFETIME} is not a number of minutes from 1 to {_MOST_LIFETIME_MINUTES}.")
    return Keys(
        algorithm=algorithm,
        audience=environment.get(AUDIENCE) or "trustcart",
        issuer=environment.get(ISSUER) or None,
        lifetime=timedelta(minutes=int(minutes)),
        verifying=verifying,
        signing=signing,
    )


def issue(keys: Keys, user_id: int, role: str, issued_at: datetime, *, lifetime: timedelta | None = None) -> str:
    """Issue a token.

    Arguments: keys; users.id; users.role; the instant of sign-in by the database's clock (SignedIn.at), for with that
    clock it says which tokens a change of password ends; how long it holds (default: keys.lifetime). Result: the token.
    Raises UsageError when the keys are for verifying alone, or the user's role is none of ROLES; MissingError without
    PyJWT.
    """
    if keys.signing is None:
        raise UsageError("Tokens can be verified here but not issued.", f"Set {PRIVATE_KEY_FILE}.")
    if role not in ROLES:
        raise UsageError("Only agents, managers and admins get tokens.", f"Roles: {', '.join(ROLES)}.")
    payload = {
        "sub": str(user_id),
        "role": role,
        "aud": keys.audience,
        # With its fraction: a second is long enough to change a password and sign in again.
        "iat": issued_at.timestamp(),
        "exp": (issued_at + (lifetime or keys.lifetime)).timestamp(),
    }
    if keys.issuer is not None:
        payload["iss"] = keys.issuer
    return _jwt().encode(payload, keys.signing, algorithm=keys.algorithm)


def verify(keys: Keys, token: str) -> Claims:
    """Verify a token: its signature by the configured key, audience, issuer, that its time has come and is not over,
    and that nothing required is missing.

    Arguments: keys; the token, without "Bearer ". Result: Claims. Raises TokenError; MissingError without PyJWT.
    """
    jwt = _jwt()
    if not isinstance(token, str) or len(token) > _MOST_LENGTH or not _FORM.fullmatch(token):
        raise TokenError("The token is malformed.")
    try:
        whole = jwt.PyJWT().decode_complete(
            token,
            keys.verifying,
            algorithms=[keys.algorithm],
            audience=keys.audience,
            issuer=keys.issuer,
            leeway=LEEWAY,
            options={"require": [*_REQUIRED, *(["iss"] if keys.issuer is not None else [])]},
        )
        header, payload = whole["header"], whole["payload"]
        # What a critical extension means we do not know, so the token may not mean what it seems to (RFC 7515, 4.1.11);
        # and of one token there is one spelling: the last bits of base64 could be any.
        signature = base64.urlsafe_b64encode(whole["signature"]).decode("ascii").rstrip("=")
        if "crit" in header or signature != token.rpartition(".")[2]:
            raise TokenError("The token is not valid.")
        user_id, role = payload["sub"], payload["role"]
        if not isinstance(user_id, str) or not _USER_ID.fullmatch(user_id) or role not in ROLES:
            raise TokenError("The token is not for a user of ours.")
        return Claims(int(user_id), role, _instant(payload["iat"]), _instant(payload["exp"]))
    # Nothing is chained: what PyJWT says may quote the token.
    except jwt.ExpiredSignatureError:
        raise TokenError("The token has expired.") from None
    except jwt.ImmatureSignatureError:
        raise TokenError("The token is not valid yet.", "Are the clocks of issuer and verifier right?") from None
    except (jwt.InvalidAudienceError, jwt.InvalidIssuerError):
        raise TokenError("The token is for another audience, or of another issuer.") from None
    except jwt.MissingRequiredClaimError as error:
        raise TokenError(f"The token lacks its claim {error.claim}.") from None
    # Numbers beyond all bounds, and nesting without end, are not among PyJWT's own errors.
    except (jwt.PyJWTError, ArithmeticError, LookupError, RecursionError, TypeError, ValueError, OSError):
        raise TokenError("The token is not valid.") from None


def _instant(seconds: object) -> datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise TypeError("not a NumericDate")
    return datetime.fromtimestamp(seconds, timezone.utc)


def _read_secret(secret: str) -> bytes:
    if "-----BEGIN" in secret:
        raise UsageError(f"{SECRET} holds a key in PEM, not a shared secret.", f"Set {PUBLIC_KEY_FILE} to its file.")
    value = secret.encode("utf-8", "surrogateescape")
    if len(value) < _LEAST_SECRET_BYTES:
        raise UsageError(
            f"{SECRET} has fewer than {_LEAST_SECRET_BYTES} bytes.",
            "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
        )
    return value


def _read_key_pair(public_file: str | None, private_file: str | None) -> tuple[object, object | None]:
    """The RSA keys: (public, private or None). Raises UsageError naming the variable of the file that is wrong."""
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

    def read(variable: str, file: str, load, kind: type, what: str) -> object:
        try:
            key = load(Path(file).read_bytes())
        except OSError as error:
            raise UsageError(f"Cannot read the file of {variable}: {error.strerror}.") from None
        except Exception:  # cryptography has several, and they may quote the file
            raise UsageError(f"{variable} names no {what} RSA key in PEM, without a passphrase.") from None
        if not isinstance(key, kind) or key.key_size < _LEAST_RSA_BITS:
            raise UsageError(f"{variable} names no {what} RSA key of {_LEAST_RSA_BITS} bits or more.")
        return key

    private = public = None
    if private_file:
        private = read(
            PRIVATE_KEY_FILE, private_file, lambda pem: load_pem_private_key(pem, None), rsa.RSAPrivateKey, "private"
        )
        public = private.public_key()
    if public_file:
        given = read(PUBLIC_KEY_FILE, public_file, load_pem_public_key, rsa.RSAPublicKey, "public")
        if public is not None and public.public_numbers() != given.public_numbers():
            raise UsageError(f"{PUBLIC_KEY_FILE} and {PRIVATE_KEY_FILE} are not of one pair.")
        public = given
    return public, private


def _jwt() -> ModuleType:
    try:
        import cryptography  # noqa: F401 - PyJWT imports it late, and without it knows no RS256
        import jwt
    except ImportError:
        raise MissingError(
            "PyJWT is not installed with cryptography, which tokens need.",
            "Install them with: pip install 'trustcart-db[auth]'",
        ) from None
    return jwt
