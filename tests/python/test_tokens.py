"""Tokens: what is accepted, and every way of getting one accepted that should not be."""

from __future__ import annotations

import base64
import hmac
import json
import sys
import traceback
from datetime import datetime, timedelta, timezone
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from trustcart_db.auth import tokens
from trustcart_db.auth.tokens import TokenError
from trustcart_db.errors import MissingError, UsageError

SECRET = "a shared secret that nobody guesses, 32 bytes and more"
MISSING = object()


def pem_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> tuple[bytes, bytes]:
    """Its private and its public PEM."""
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Key files: private, public; other_private, other_public; small_, ec_ and junk ones."""
    folder = tmp_path_factory.mktemp("keys")
    made = {}
    for name, key in {
        "": rsa.generate_private_key(65537, 2048),
        "other_": rsa.generate_private_key(65537, 2048),
        "small_": rsa.generate_private_key(65537, 1024),
        "ec_": ec.generate_private_key(ec.SECP256R1()),
    }.items():
        for kind, pem in zip(("private", "public"), pem_of(key), strict=True):
            made[name + kind] = folder / f"{name}{kind}.pem"
            made[name + kind].write_bytes(pem)
    made["junk"] = folder / "junk.pem"
    made["junk"].write_text("-----BEGIN PUBLIC KEY-----\nsquirrel\n-----END PUBLIC KEY-----\n")
    return made


@pytest.fixture
def hs256() -> tokens.Keys:
    """Keys of a shared secret."""
    return tokens.read_keys({tokens.SECRET: SECRET})


@pytest.fixture
def rs256(files) -> tokens.Keys:
    """Keys of a pair."""
    return tokens.read_keys(
        {tokens.PUBLIC_KEY_FILE: str(files["public"]), tokens.PRIVATE_KEY_FILE: str(files["private"])}
    )


def now() -> datetime:
    """The instant; tokens know nothing else."""
    return datetime.now(timezone.utc)


def claims(**changed: object) -> dict[str, object]:
    """The claims of a good token, with some changed or MISSING."""
    at = int(now().timestamp())
    whole = {"sub": "7", "role": "crm_agent", "aud": "trustcart", "iat": at, "exp": at + 600, **changed}
    return {name: value for name, value in whole.items() if value is not MISSING}


def b64(data: bytes | str | object) -> str:
    """A part of a token."""
    if not isinstance(data, bytes):
        data = (data if isinstance(data, str) else json.dumps(data)).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def crafted(payload: object, header: object = None, key: bytes = SECRET.encode(), digest: str = "sha256") -> str:
    """A token signed by HMAC whatever its header says, without any library's scruples."""
    head = f"{b64({'alg': 'HS256', 'typ': 'JWT'} if header is None else header)}.{b64(payload)}"
    return f"{head}.{b64(hmac.new(key, head.encode(), digest).digest())}"


def refused(keys: tokens.Keys, token: object) -> TokenError:
    """The error, which holds nothing of the token nor of the secret, wherever one looks."""
    with pytest.raises(TokenError) as raised:
        tokens.verify(keys, token)
    error = raised.value
    assert (error.http_status, error.sqlstate, error.exit_code) == (401, "TC402", 7)
    shown = "".join([error.message, error.hint, repr(error), *traceback.format_exception_only(error)])
    told = "".join(traceback.format_exception(error))
    assert "During handling" not in told and "direct cause" not in told
    assert SECRET not in shown
    if isinstance(token, str):
        assert not any(len(part) > 3 and part in shown for part in token.split("."))
    return error


@pytest.mark.parametrize("kind", ["hs256", "rs256"])
def test_who_signed_in_is_who_the_token_says(kind, request):
    keys = request.getfixturevalue(kind)
    at = now()
    token = tokens.issue(keys, 7, "crm_manager", at)
    assert tokens.verify(keys, token) == tokens.Claims(7, "crm_manager", at, at + timedelta(hours=8))
    assert jwt.get_unverified_header(token)["alg"] == kind.upper()
    assert jwt.decode(token, options={"verify_signature": False}).keys() == {"sub", "role", "aud", "iat", "exp"}


def test_the_instant_of_issue_keeps_its_microseconds(hs256):
    """Else a password changed within the second would end the session that follows it."""
    start = now()
    for microseconds in (0, 1, 333_333, 999_999):
        at = start.replace(microsecond=microseconds)
        token = tokens.issue(hs256, 7, "admin", at)
        assert tokens.verify(hs256, token).issued_at == at


def test_tokens_of_other_issuers_with_whole_seconds_are_accepted(hs256):
    assert tokens.verify(hs256, jwt.encode(claims(), SECRET, "HS256")).user_id == 7


def test_clocks_may_differ_by_seconds(hs256):
    at = int(now().timestamp())
    assert tokens.verify(hs256, crafted(claims(exp=at - 3))).user_id == 7
    assert tokens.verify(hs256, crafted(claims(iat=at + 3, nbf=at + 3))).user_id == 7


def test_whose_audience_is_one_of_several(hs256):
    assert tokens.verify(hs256, crafted(claims(aud=["shop", "trustcart"]))).user_id == 7


OFF = 3600
_AT = int(now().timestamp())


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"exp": _AT - OFF}, "expired"),
        ({"exp": 0}, "expired"),
        ({"exp": -1}, "expired"),
        ({"nbf": _AT + OFF}, "not valid yet"),
        ({"iat": _AT + OFF}, "not valid yet"),
        ({"aud": "shop"}, "audience"),
        ({"aud": ["shop"]}, "audience"),
        ({"aud": "trustcart "}, "audience"),
        ({"aud": []}, None),
        ({"aud": {"trustcart": 1}}, None),
        ({"aud": 7}, None),
        *[({name: value}, name) for name in ("exp", "iat", "aud", "sub", "role") for value in (MISSING, None)],
        *[
            ({name: value}, None)
            for name in ("exp", "iat")
            for value in ("tomorrow", "", True, [], {}, float("inf"), float("-inf"), float("nan"), 10**400, 1e300)
        ],
        ({"exp": str(_AT + OFF)}, None),
        ({"exp": 10**15}, None),
        ({"nbf": "soon"}, None),
        *[
            ({"sub": value}, None)
            for value in (7, 7.0, True, ["7"], {}, "", " 7", "7 ", "7\n", "07", "0", "-7", "+7", "7.0", "1e1", "seven")
        ],
        ({"sub": "٧"}, "user"),
        ({"sub": "৭"}, "user"),
        ({"sub": "7; drop table trustcart.users"}, "user"),
        ({"sub": "9" * 19}, "user"),
        *[({"role": value}, None) for value in ("other", "CRM_AGENT", "admin ", "", "postgres", "trustcart_admin")],
        *[({"role": value}, None) for value in (["admin"], {"admin": 1}, 1, True)],
    ],
)
def test_claims_that_are_not_good(hs256, changed, told):
    """The signature is right each time."""
    error = refused(hs256, crafted(claims(**changed)))
    assert told is None or told in error.message


@pytest.mark.parametrize("payload", ['"text"', "[]", "7", "null", "{", "", '{"sub": "7"', "[" * 4000, '{"a":' * 1200])
def test_what_is_no_object_is_no_token(hs256, payload):
    refused(hs256, crafted(payload))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", " none"])
@pytest.mark.parametrize("kind", ["hs256", "rs256"])
def test_no_algorithm_is_refused(kind, algorithm, request):
    keys = request.getfixturevalue(kind)
    head = f"{b64({'alg': algorithm, 'typ': 'JWT'})}.{b64(claims())}"
    for signature in ("", "AA", b64(hmac.new(b"", head.encode(), "sha256").digest())):
        refused(keys, f"{head}.{signature}")
    refused(keys, head)
    refused(keys, jwt.encode(claims(), "", algorithm="none"))


@pytest.mark.parametrize(
    "header", [{}, [], "HS256", {"alg": None}, {"alg": ["HS256"]}, {"alg": 1}, {"typ": "JWT"}, "{"]
)
@pytest.mark.parametrize("kind", ["hs256", "rs256"])
def test_a_header_that_says_no_algorithm_is_refused(kind, header, request):
    refused(request.getfixturevalue(kind), crafted(claims(), header))


def test_the_public_key_is_no_secret(rs256, files):
    """The classic: HS256 with the RSA public key, which everybody has, as the secret. In each of its spellings."""
    pem = files["public"].read_bytes()
    for key in (pem, pem.rstrip(b"\n"), pem.replace(b"\n", b"\r\n")):
        for algorithm, digest in (("HS256", "sha256"), ("HS384", "sha384"), ("HS512", "sha512"), ("RS256", "sha256")):
            refused(rs256, crafted(claims(), {"alg": algorithm, "typ": "JWT"}, key, digest))


def test_a_public_key_configured_as_a_secret_is_refused(files):
    for name in ("public", "private"):
        with pytest.raises(UsageError, match=tokens.SECRET) as raised:
            tokens.read_keys({tokens.SECRET: files[name].read_text()})
        assert "BEGIN" not in str(raised.value)


def test_another_algorithm_with_the_right_key_is_refused(hs256, rs256, files):
    private = files["private"].read_bytes()
    for algorithm, digest in (("HS384", "sha384"), ("HS512", "sha512")):
        refused(hs256, crafted(claims(), {"alg": algorithm}, digest=digest))
    for algorithm in ("RS384", "RS512", "PS256"):
        refused(rs256, jwt.encode(claims(), private, algorithm))
    refused(hs256, jwt.encode(claims(), private, "RS256"))
    refused(rs256, jwt.encode(claims(), SECRET, "HS256"))
    refused(rs256, jwt.encode(claims(), files["ec_private"].read_bytes(), "ES256"))


def test_another_key_is_refused(hs256, rs256, files):
    refused(hs256, crafted(claims(), key=b"another shared secret that nobody guesses"))
    refused(hs256, crafted(claims(), key=b""))
    refused(hs256, crafted(claims(), key=SECRET.encode() + b"\n"))
    refused(rs256, jwt.encode(claims(), files["other_private"].read_bytes(), "RS256"))


@pytest.mark.parametrize(
    "header",
    [
        {"kid": "../../../../dev/null"},
        {"kid": "' union select 'x' --"},
        {"kid": ""},
        {"kid": 7},
        {"kid": ["x"]},
        {"jku": "https://attacker.example/keys.json"},
        {"x5u": "file:///dev/null"},
        {"x5c": ["MIIB"]},
        {"jwk": {"kty": "oct", "k": b64("")}},
    ],
)
def test_the_token_does_not_choose_its_key(hs256, rs256, files, header):
    """Signed with what such a header would lead to: refused. Signed rightly: the header changes nothing."""
    for key in (b"", b"\0", b"x"):
        refused(hs256, crafted(claims(), {"alg": "HS256", **header}, key))
    other = rsa.generate_private_key(65537, 2048)
    numbers = other.public_key().public_numbers()
    jwk = {"kty": "RSA", "n": b64(numbers.n.to_bytes(256, "big")), "e": b64(numbers.e.to_bytes(3, "big"))}
    refused(rs256, jwt.encode(claims(), pem_of(other)[0], "RS256", headers={"jwk": jwk}))
    if isinstance(header.get("kid", ""), str):
        assert tokens.verify(hs256, crafted(claims(), {"alg": "HS256", **header})).user_id == 7


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"crit": []}, {"crit": ["b64"], "b64": False}, {"b64": False}])
def test_critical_extensions_are_refused(hs256, header):
    refused(hs256, crafted(claims(), {"alg": "HS256", **header}))


@pytest.mark.parametrize("kind", ["hs256", "rs256"])
def test_a_token_changed_in_any_one_character_is_refused(kind, request):
    keys = request.getfixturevalue(kind)
    token = tokens.issue(keys, 7, "crm_agent", now())
    for i, character in enumerate(token):
        if character != ".":
            refused(keys, token[:i] + ("A" if character != "A" else "B") + token[i + 1 :])
    head, payload, signature = token.split(".")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same = [last for last in alphabet if _decodes(signature[:-1] + last) == _decodes(signature)]
    assert len(same) > 1, "base64 has spellings to try"
    for last in same:
        if last != signature[-1]:
            refused(keys, f"{head}.{payload}.{signature[:-1]}{last}")
    for other in (
        f"{head}.{payload}",
        f"{head}.{payload}.",
        f"{payload}.{head}.{signature}",
        f".{payload}.{signature}",
    ):
        refused(keys, other)


def _decodes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_the_claims_of_one_token_with_the_signature_of_another(hs256):
    mine = tokens.issue(hs256, 7, "crm_agent", now()).split(".")
    theirs = tokens.issue(hs256, 8, "admin", now()).split(".")
    refused(hs256, ".".join([mine[0], theirs[1], mine[2]]))


@pytest.mark.parametrize(
    "token",
    [
        *["", ".", "..", "...", "a.b.c", "a.b.c.d", "a.b.c.d.e", "Bearer x.y.z", "\0", "é.é.é", "𝟕.𝟕.𝟕", "\ud800.a.b"],
        *[None, 7, b"a.b.c", ["a.b.c"]],
    ],
)
def test_what_is_no_token_at_all(hs256, token):
    refused(hs256, token)


@pytest.mark.parametrize("around", ["{} ", " {}", "{}\n", "{}=", "{}==", "{}\0", "Bearer {}", "{}.x", "{},x"])
def test_a_good_token_and_more_is_refused(hs256, around):
    refused(hs256, around.format(tokens.issue(hs256, 7, "crm_agent", now())))


def test_a_huge_token_is_refused_unread(hs256, monkeypatch):
    huge = crafted(claims(note="x" * 10_000_000))
    monkeypatch.setattr(jwt.PyJWT, "decode_complete", lambda *_, **__: pytest.fail("it was read"))
    refused(hs256, huge)
    refused(hs256, "a" * 9000)


def test_an_issuer_that_is_configured_is_required(files):
    keys = tokens.read_keys({tokens.SECRET: SECRET, tokens.ISSUER: "erp", tokens.AUDIENCE: "crm"})
    assert tokens.verify(keys, tokens.issue(keys, 7, "admin", now())).role == "admin"
    assert tokens.verify(keys, crafted(claims(aud="crm", iss="erp"))).user_id == 7
    assert "iss" in refused(keys, crafted(claims(aud="crm"))).message
    for issuer in ("shop", "", ["erp"], None, 7):
        refused(keys, crafted(claims(aud="crm", iss=issuer)))
    refused(keys, crafted(claims(iss="erp")))


def test_issuing_takes_the_private_key(files):
    keys = tokens.read_keys({tokens.PUBLIC_KEY_FILE: str(files["public"])})
    with pytest.raises(UsageError, match="verified here but not issued"):
        tokens.issue(keys, 7, "admin", now())
    issuer = tokens.read_keys({tokens.PRIVATE_KEY_FILE: str(files["private"])})
    assert tokens.verify(keys, tokens.issue(issuer, 7, "admin", now())).user_id == 7


def test_no_token_for_who_has_no_role_in_the_crm(hs256):
    with pytest.raises(UsageError):
        tokens.issue(hs256, 7, "other", now())


def test_the_lifetime_is_configured(hs256):
    keys = tokens.read_keys({tokens.SECRET: SECRET, tokens.LIFETIME: "30"})
    at = now()
    assert tokens.verify(keys, tokens.issue(keys, 7, "admin", at)).expires_at == at + timedelta(minutes=30)
    short = tokens.issue(keys, 7, "admin", at, lifetime=timedelta(minutes=1))
    assert tokens.verify(keys, short).expires_at == at + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "No key"),
        ({"SECRET": "short"}, "fewer than 32"),
        ({"SECRET": "x" * 31}, "fewer than 32"),
        ({"SECRET": SECRET, "PUBLIC_KEY_FILE": "public"}, "both set"),
        ({"SECRET": SECRET, "PRIVATE_KEY_FILE": "private"}, "both set"),
        ({"PUBLIC_KEY_FILE": "nowhere"}, "Cannot read"),
        ({"PUBLIC_KEY_FILE": "junk"}, "no public RSA key"),
        ({"PUBLIC_KEY_FILE": "private"}, "no public RSA key"),
        ({"PUBLIC_KEY_FILE": "ec_public"}, "no public RSA key"),
        ({"PUBLIC_KEY_FILE": "small_public"}, "2048 bits"),
        ({"PRIVATE_KEY_FILE": "public"}, "no private RSA key"),
        ({"PRIVATE_KEY_FILE": "ec_private"}, "no private RSA key"),
        ({"PRIVATE_KEY_FILE": "small_private"}, "2048 bits"),
        ({"PUBLIC_KEY_FILE": "other_public", "PRIVATE_KEY_FILE": "private"}, "not of one pair"),
        ({"SECRET": SECRET, "LIFETIME": "0"}, "minutes"),
        ({"SECRET": SECRET, "LIFETIME": "forever"}, "minutes"),
        ({"SECRET": SECRET, "LIFETIME": "٣"}, "minutes"),
    ],
)
def test_a_configuration_that_is_wrong_says_so_and_shows_no_secret(files, environment, told):
    given = {
        getattr(tokens, name): str(files.get(value, f"/nonexistent/{value}")) if name.endswith("FILE") else value
        for name, value in environment.items()
    }
    with pytest.raises(UsageError) as raised:
        tokens.read_keys(given)
    text = f"{raised.value.message} {raised.value.hint}"
    assert told in text
    assert "squirrel" not in text and SECRET not in text


def test_keys_show_no_secret(hs256, rs256):
    assert repr(hs256) == str(hs256)
    for text in (repr(hs256), f"{hs256}", f"{[hs256]}"):
        assert SECRET not in text and "secret" not in text
    assert "verifying" not in repr(rs256) and "RSA" not in repr(rs256)


@pytest.mark.parametrize("module", ["jwt", "cryptography"])
def test_without_the_extra_one_is_told(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingError, match="PyJWT") as raised:
        tokens.read_keys({tokens.SECRET: SECRET})
    assert "trustcart-db[auth]" in raised.value.hint
