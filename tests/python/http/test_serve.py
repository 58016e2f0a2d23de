"""`trustcart-db serve`: whom and what it refuses to serve with, what it says, and how it ends."""

from __future__ import annotations

import ipaddress
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from psycopg.conninfo import make_conninfo

from tests.python.conftest import Database
from tests.tools import web
from tests.tools.sessions import wait_until_true
from trustcart_db.cli import cli as command_line
from trustcart_db.errors import MissingError, RightsError, VersionError
from trustcart_db.web.app import make_app
from trustcart_db.web.config import Config
from trustcart_db.web.gateway import check_gateway

SECRET = "a secret of thirty-two bytes or more"


@pytest.fixture
def role(db: Database) -> Iterator[Callable[[str], str]]:
    """Make a login role by some SQL in which {role} is its name: role("in role trustcart_gateway") → its conninfo."""
    made = f"served_{db.name}"

    def make(options: str = "", *more: str) -> str:
        with db.connect() as connection:
            connection.execute(f"create role {made} login {options}")
            for statement in more:
                connection.execute(statement.format(role=made))
        return make_conninfo(db.url, user=made)

    yield make
    with db.connect() as connection:
        connection.execute(f"drop owned by {made}; drop role {made}")


def test_a_gateway_and_no_more_will_do(role):
    check_gateway(role("in role trustcart_gateway"))


@pytest.mark.parametrize(
    ("options", "more", "said"),
    [
        ("superuser", (), "a superuser"),
        ("bypassrls in role trustcart_gateway", (), "BYPASSRLS"),
        ("createrole in role trustcart_gateway", (), "CREATEROLE"),
        ("in role trustcart_gateway", ("grant postgres to {role}",), "a member of postgres, which is a superuser"),
        ("in role trustcart_gateway, trustcart_manager", (), "has rights of its own on trustcart."),
        (
            "in role trustcart_gateway",
            ("grant select (phone) on trustcart.customers to {role}",),
            "trustcart.customers",
        ),
        ("in role trustcart_gateway", ("grant delete on trustcart.carts to {role}",), "trustcart.carts"),
        (
            "in role trustcart_gateway",
            ("grant execute on function trustcart.create_user to {role}",),
            "on trustcart.create_user",
        ),
        ("in role trustcart_gateway", ("alter table trustcart.carts owner to {role}",), "owns our objects"),
    ],
)
def test_a_role_that_may_more_is_refused_with_the_sql_for_another(role, options, more, said):
    with pytest.raises(RightsError) as refused:
        check_gateway(role(options, *more))
    assert said in refused.value.message
    assert "create role trustcart_web login" in refused.value.hint


def test_a_role_that_is_no_gateway_is_refused_with_the_grant(role):
    with pytest.raises(RightsError, match="is no gateway") as refused:
        check_gateway(role())
    assert "grant trustcart_gateway to served_" in refused.value.hint


def test_a_database_that_is_not_migrated_is_refused(empty_db):
    with pytest.raises(MissingError, match="no TrustCart schema"):
        check_gateway(empty_db.url)


@pytest.mark.parametrize(
    ("version", "remedy"), [("0.0.1", "trustcart-db migrate"), ("99.10.0", "Upgrade this package")]
)
def test_a_database_of_another_version_is_refused(db, role, version, remedy):
    with db.connect() as connection:
        connection.execute("update trustcart_private.installation set version = %s", [version])
    with pytest.raises(VersionError, match=version) as refused:
        check_gateway(role("in role trustcart_gateway"))
    assert remedy in refused.value.hint


def test_a_migrate_that_never_ended_is_refused(db, role):
    with db.connect() as connection:
        connection.execute("delete from trustcart_private.installation")
    with pytest.raises(MissingError, match="No migrate of this database has completed"):
        check_gateway(role("in role trustcart_gateway"))


def test_refusals_are_sentences_and_exit_codes(db, role, tmp_path):
    gateway = role("in role trustcart_gateway")
    nothing, files = tmp_path / "nothing.pem", certificate(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for options, environment, code, said in (
            ((), {"TRUSTCART_DATABASE_URL": db.url}, 4, "may do more than a gateway should"),
            ((), {"TRUSTCART_DATABASE_URL": "host=/nowhere"}, 3, "Cannot connect"),
            (("--port", str(taken.getsockname()[1])), {}, 2, "Address already in use"),
            (("--host", "192.0.2.1"), {}, 2, "Cannot listen on 192.0.2.1"),
            (("--host", "0.0.0.0"), {"TRUSTCART_JWT_SECRET": ""}, 2, "Without TRUSTCART_JWT_SECRET only this machine"),
            ((), {"TRUSTCART_JWT_SECRET": "short"}, 2, "fewer than 32 bytes"),
            (("--tls-key", str(nothing)), {}, 2, "One of --tls-certificate and --tls-key is missing"),
            (tls_options(nothing, files[1]), {}, 2, "No such file"),
            (tls_options(files[1], files[1]), {}, 2, "Cannot serve with the certificate"),
            (("--cors-origin", "erp.example"), {}, 2, "erp.example is no origin"),
            (("--allowed-host", "erp*"), {}, 2, "erp* is no name of a host"),
            (("--trusted-proxy", "nginx"), {}, 2, "nginx is no address"),
            ((), {"TRUSTCART_PHONE_KEY": "no key"}, 7, "key"),
        ):
            variables = {"TRUSTCART_DATABASE_URL": gateway, "TRUSTCART_JWT_SECRET": SECRET, **environment}
            done = CliRunner().invoke(command_line, ["serve", "--port", "0", *options], env=variables)
            assert (done.exit_code, said in done.stderr) == (code, True), (options, done.stderr)
            assert "Hint: " in done.stderr
            assert "Serving on" not in done.stdout


def test_without_a_secret_it_serves_this_machine_and_says_so(db):
    with web.serving(db.url, TRUSTCART_JWT_SECRET="") as site:
        assert "only this machine is served" in site.said
        assert urlsplit(site.url).hostname == "127.0.0.1"
        assert httpx.get(f"{site.url}/readyz").json() == {"status": "ready"}


def test_nothing_is_told_to_anybody_who_was_not_asked_for(monkeypatch):
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    app = make_app(Config(conninfo="", keys=None, secret=b""))
    assert not app._native_telemetry.enabled()
    assert not app._telemetry["auto_configure"]


def test_sigterm_ends_streams_and_lets_a_request_finish(db):
    with db.connect() as connection:
        web.people(connection)
        connection.execute("insert into trustcart.customers (id, first_name, assigned_agent_id) values (1, 'A', 1)")
    with web.serving(db.url) as site, site.api(1) as api, site.browser("agent@example.com") as browser:
        with db.connect() as blocking, browser.stream("GET", "/live") as stream:
            assert stream.status_code == 200
            blocking.execute("begin; lock trustcart.customers in access exclusive mode")
            answers = []
            asking = threading.Thread(target=lambda: answers.append(api.get("/cdm/customer360/1")))
            asking.start()
            wait_until_true(blocking, "select count(*) > 0 from pg_locks where not granted")
            site.process.send_signal(signal.SIGTERM)
            # The stream ends whole, for a browser would take anything else for a failure.
            for _ in stream.iter_lines():
                pass
            assert site.process.poll() is None
            blocking.execute("rollback")
            asking.join(10)
        assert answers[0].status_code == 200
        assert answers[0].headers["Connection"] == "close"
        assert site.process.wait(10) == 0
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{site.url}/healthz")


def test_sigint_ends_it_too(db):
    with web.serving(db.url) as site:
        site.process.send_signal(signal.SIGINT)
        assert site.process.wait(10) == 0


def test_https_has_cookies_that_only_this_host_sets(db, tmp_path):
    with db.connect() as connection:
        web.people(connection)
    files = certificate(tmp_path)
    trusted = ssl.create_default_context(cafile=files[0])
    with (
        web.serving(db.url, *tls_options(*files)) as site,
        httpx.Client(base_url=site.url, verify=trusted, timeout=30) as client,
    ):
        assert site.url.startswith("https://")
        fields = {"email": "agent@example.com", "password": web.PASSWORD}
        page = client.get("/sign-in")
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        done = client.post("/sign-in", data={**fields, "csrf_token": web.csrf_of(page.text)})
        cookie = next(c for c in done.headers.get_list("Set-Cookie") if c.startswith("__Host-trustcart_session="))
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert client.get("/admin/crm").status_code == 200


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 for an hour, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


def tls_options(certificate_file: Path, key_file: Path) -> tuple[str, ...]:
    """The options of serve for them."""
    return "--tls-certificate", str(certificate_file), "--tls-key", str(key_file)
