"""Signing in and out of the pages, forms, who may ask from where, and what is not told to anybody."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
import psycopg
import pytest
from prometheus_client import Counter

from tests.python.conftest import Database
from tests.tools import web
from trustcart_db.auth import tokens
from trustcart_db.auth.passwords import SignInError
from trustcart_db.errors import BusyError, ConnectError, RefusedError
from trustcart_db.server import PrivateServer
from trustcart_db.web import sign_in_gate
from trustcart_db.web.pages.sign_in import HOME, local_path

ORIGIN = "https://erp.example.com"
SESSION = "trustcart_session"
STRONG = "quite another long passphrase"


@dataclass
class Shop:
    """A served database: database, site, log (the file that the site writes)."""

    database: Database
    site: web.Site
    log: Path

    def connect(self) -> psycopg.Connection:
        """A connection of the owner."""
        return self.database.connect()

    def sign_in(self, client: httpx.Client, email: str, password: str = web.PASSWORD, **fields: str) -> httpx.Response:
        """Fill in the form of the sign-in page, and send it."""
        token = web.csrf_of(client.get("/sign-in").text)
        sent = {"csrf_token": token, "email": email, "password": password, **fields}
        return client.post("/sign-in", data=sent, follow_redirects=False)


@pytest.fixture(scope="module")
def shop(server: PrivateServer, _template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """People, and a customer of agent 1 whose number is known."""
    database = Database(server, "sessions", server.create_database("sessions", _template))
    with database.connect() as connection:
        web.people(connection)
        connection.execute(
            "insert into trustcart.customers (id, first_name, phone, assigned_agent_id)"
            " values (1, 'Rahim', '01712345678', 1)"
        )
    log = tmp_path_factory.mktemp("sessions") / "log"
    with web.serving(database.url, "--cors-origin", ORIGIN, log=log) as site:
        yield Shop(database, site, log)
    server.drop_database(database.name)


def test_a_session_is_a_cookie_that_scripts_and_other_sites_do_not_see(shop):
    with shop.site.browser() as client:
        done = shop.sign_in(client, "AGENT@example.com ")
        assert (done.status_code, done.headers["Location"]) == (303, HOME)
        assert done.headers["Cache-Control"] == "no-store"
        (cookie,) = (c for c in done.headers.get_list("Set-Cookie") if c.startswith(f"{SESSION}="))
        # No Domain: this host alone. By http; by https it is Secure, with __Host- (test_serve.py).
        assert {part.partition("=")[0] for part in cookie.split("; ")[1:]} == {
            "HttpOnly",
            "Max-Age",
            "Path",
            "SameSite",
        }
        assert "SameSite=lax" in cookie
        assert tokens.verify(shop.site.keys, client.cookies[SESSION]).user_id == 1
        page = client.get("/admin/crm")
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        for name, value in {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }.items():
            assert page.headers[name] == value
        assert "camera=()" in page.headers["Permissions-Policy"]
        assert "server" not in page.headers


def test_a_session_of_before_is_not_taken_over(shop):
    with shop.site.browser() as client:
        client.cookies.set(SESSION, "planted", domain="127.0.0.1")
        # The planted cookie is nobody's; what it binds the form to is replaced with the session.
        shop.sign_in(client, "agent@example.com")
        first = client.cookies[SESSION]
        assert first != "planted"
        token = web.csrf_of(client.get("/admin/crm").text)
        shop.sign_in(client, "other@example.com")
        assert client.cookies[SESSION] != first
        refused = client.post("/language", data={"csrf_token": token, "language": "bn"})
        assert refused.status_code == 403


def test_wrong_passwords_are_refused_alike_and_lock_the_user(shop):
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.users (id, name, email, role)"
            " values (50, 'Locked', 'locked@example.com', 'crm_agent')"
        )
        web.set_passwords(connection, [50])
    with shop.site.browser() as client:
        wrong = [shop.sign_in(client, email, "wrong") for email in ("locked@example.com", "nobody@example.com")]
        assert [answer.status_code for answer in wrong] == [401, 401]
        said = [re.sub(r'value="[^"]*"', "", answer.text) for answer in wrong]
        assert said[0] == said[1]
        assert "The e-mail address or the password is wrong." in said[0]
        assert SESSION not in client.cookies
        for _ in range(4):
            last = shop.sign_in(client, "locked@example.com", "wrong")
        assert last.status_code == 429
        assert int(last.headers["Retry-After"]) > 60
        assert re.search(r"signing in is locked for \d+ minutes", last.text)
        assert shop.sign_in(client, "locked@example.com").status_code == 429


def test_a_form_that_is_not_from_here_is_refused(shop):
    with shop.site.browser("agent@example.com") as client:
        token = web.csrf_of(client.get("/admin/crm").text)
        fields = {"language": "bn", "next": "/admin/crm"}
        with shop.site.browser("other@example.com") as other:
            foreign = web.csrf_of(other.get("/admin/crm").text)
        for sent, headers in (
            (fields, {}),
            ({**fields, "csrf_token": ""}, {}),
            ({**fields, "csrf_token": token[:-1]}, {}),
            ({**fields, "csrf_token": "ক"}, {}),
            ({**fields, "csrf_token": foreign}, {}),
            ({**fields, "csrf_token": token}, {"Origin": "https://evil.example"}),
            ({**fields, "csrf_token": token}, {"Origin": "null"}),
            ({**fields, "csrf_token": token}, {"Sec-Fetch-Site": "cross-site"}),
            ({**fields, "csrf_token": token}, {"Sec-Fetch-Site": "same-site"}),
        ):
            answer = client.post("/language", data=sent, headers=headers, follow_redirects=False)
            assert answer.status_code == 403, (sent, headers)
        for headers in ({}, {"Origin": shop.site.url}, {"Sec-Fetch-Site": "same-origin"}, {"X-CSRF-Token": token}):
            sent = fields if "X-CSRF-Token" in headers else {**fields, "csrf_token": token}
            assert client.post("/language", data=sent, headers=headers, follow_redirects=False).status_code == 303
    with shop.site.browser() as client:
        client.get("/sign-in")
        # Signing somebody in who did not mean to is an attack, too.
        answer = client.post("/sign-in", data={"email": "agent@example.com", "password": web.PASSWORD})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/admin/customers/cdm?q=a", "/admin/customers/cdm?q=a"),
        (None, HOME),
        ("", HOME),
        ("admin", HOME),
        ("//evil.example", HOME),
        ("/\\evil.example", HOME),
        ("\\\\evil.example", HOME),
        ("https://evil.example", HOME),
        ("javascript:alert(1)", HOME),
        ("/\t/evil.example", HOME),
        ("/admin\r\nSet-Cookie: a=b", HOME),
        ("/" + "a" * 3000, HOME),
    ],
)
def test_signing_in_leads_nowhere_else(target, leads_to):
    assert local_path(target) == leads_to


def test_one_is_led_to_where_one_wanted_to_go_and_not_elsewhere(shop):
    with shop.site.browser() as client:
        asked = client.get("/admin/crm?x=1", follow_redirects=False)
        assert asked.headers["Location"] == "/sign-in?next=%2Fadmin%2Fcrm%3Fx%3D1"
        page = client.get(asked.headers["Location"]).text
        assert 'name="next" value="/admin/crm?x=1"' in page
        assert shop.sign_in(client, "agent@example.com", next="/admin/crm?x=1").headers["Location"] == "/admin/crm?x=1"
        assert shop.sign_in(client, "agent@example.com", next="//evil.example").headers["Location"] == HOME


def test_signing_out_ends_all_sessions(shop):
    with shop.site.browser("leader@example.com") as here, shop.site.browser("leader@example.com") as there:
        assert there.get("/admin/crm", follow_redirects=False).status_code == 200
        kept = here.cookies[SESSION]
        out = here.post(
            "/sign-out", data={"csrf_token": web.csrf_of(here.get("/admin/crm").text)}, follow_redirects=False
        )
        assert (out.status_code, out.headers["Location"]) == (303, "/sign-in")
        assert SESSION not in here.cookies
        assert there.get("/admin/crm", follow_redirects=False).headers["Location"].startswith("/sign-in")
        # A cookie that somebody kept opens nothing, and ends nothing either.
        assert httpx.get(f"{shop.site.url}/admin/crm", cookies={SESSION: kept}).status_code == 303
        shop.sign_in(here, "leader@example.com")
        with shop.site.browser() as thief:
            thief.cookies.set(SESSION, kept, domain="127.0.0.1")
            token = web.csrf_of(thief.get("/sign-in").text)
            thief.post("/sign-out", data={"csrf_token": token})
        assert here.get("/admin/crm", follow_redirects=False).status_code == 200


def test_tokens_that_do_not_hold_are_refused_by_each_kind_of_address(shop):
    now = datetime.now(timezone.utc)
    good = shop.site.token(1)
    forged = good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB")
    expired = tokens.issue(shop.site.keys, 1, "crm_agent", now - timedelta(days=2), lifetime=timedelta(days=1))
    nobody = tokens.issue(shop.site.keys, 9999, "admin", now)
    for token in ("", "x", "a.b.c", forged, expired, nobody):
        with httpx.Client(base_url=shop.site.url, cookies={SESSION: token} if token else {}) as client:
            asked = client.get("/cdm/customer360/1", headers={"Authorization": f"Bearer {token}"} if token else {})
            assert (asked.status_code, asked.json()["code"]) == (401, "TC402")
            assert asked.headers["WWW-Authenticate"].startswith("Bearer")
            assert token not in asked.text or not token.strip("x")
            page = client.get("/admin/crm")
            assert (page.status_code, page.headers["Location"]) == (303, "/sign-in?next=%2Fadmin%2Fcrm")
            part = client.get("/admin/crm", headers={"HX-Request": "true"})
            assert (part.status_code, part.headers["HX-Redirect"]) == (401, "/sign-in?next=%2Fadmin%2Fcrm")
            assert client.get("/live").status_code in (303, 401)
    # The cookie is for people: no program is let in by it, so no other site's form is.
    assert httpx.get(f"{shop.site.url}/cdm/customer360/1", cookies={SESSION: good}).status_code == 401
    assert httpx.get(f"{shop.site.url}/admin/crm", headers={"Authorization": f"Bearer {good}"}).status_code == 303


def test_a_live_page_ends_with_its_session(shop):
    short = tokens.issue(shop.site.keys, 1, "crm_agent", datetime.now(timezone.utc), lifetime=timedelta(seconds=1))
    with httpx.stream("GET", f"{shop.site.url}/live", cookies={SESSION: short}, timeout=20) as stream:
        assert stream.status_code == 200
        assert "event: ended" in list(stream.iter_lines())


def test_one_changes_ones_own_password_by_the_present_one(shop):
    with shop.site.browser("manager@example.com") as here, shop.site.browser("manager@example.com") as there:

        def change(present: str, new: str, again: str | None = None) -> httpx.Response:
            page = here.get("/account/password").text
            assert "manager@example.com" in page
            fields = {"present": present, "new": new, "again": new if again is None else again}
            return here.post(
                "/account/password", data={"csrf_token": web.csrf_of(page), **fields}, follow_redirects=False
            )

        wrong = change("wrong", STRONG)
        assert (wrong.status_code, "The present password is wrong." in wrong.text) == (403, True)
        assert change(web.PASSWORD, "short").status_code == 400
        assert change(web.PASSWORD, STRONG, STRONG + " ").status_code == 400
        assert change(web.PASSWORD, "manager@example.com").status_code == 400
        with shop.connect() as connection:
            failed = "select failed_attempts from trustcart.user_accounts() where user_id = 4"
            # The wrong one is counted; what is refused for itself is not even tried.
            assert connection.execute(failed).fetchone() == (1,)
        done = change(web.PASSWORD, f" {STRONG} ")
        assert (done.status_code, done.headers["Location"]) == (303, "/account/password?done=password")
        assert "Your password is changed" in here.get(done.headers["Location"], follow_redirects=False).text
        assert there.get("/admin/crm", follow_redirects=False).status_code == 303
        assert shop.sign_in(there, "manager@example.com").status_code == 401
        # Its blanks are part of it.
        assert shop.sign_in(there, "manager@example.com", STRONG).status_code == 401
        assert shop.sign_in(there, "manager@example.com", f" {STRONG} ").status_code == 303
        with shop.connect() as connection:
            web.set_passwords(connection, [4])


def test_the_log_has_who_and_what_but_no_secret_and_nobodys_number(shop):
    with shop.site.browser("admin@example.com") as client, shop.site.api(5, "admin") as api:
        session = client.cookies[SESSION]
        client.get("/admin/crm?q=01712345678")
        api.get("/cdm/customer360/1?phone=01712345678")
        api.get("/cdm/customer360/+8801712345678")
        api.get("/rahim@example.com")
        token = api.headers["Authorization"].split()[1]
    # A line is written when its answer has been sent.
    while "***@example.com" not in (said := shop.log.read_text()):
        threading.Event().wait(0.02)
    for secret in (session, token, web.PASSWORD, "01712345678", "8801712345678", "rahim@example.com", "?"):
        assert secret not in said
    lines = [json.loads(line[line.index("{") :]) for line in said.splitlines() if " trustcart_db.web.access {" in line]
    known = [line for line in lines if line["user"] == 5 and line["path"] == "/cdm/customer360/1"]
    assert (
        known[-1].items() >= {"method": "GET", "route": "/cdm/customer360/{customerId}", "client": "127.0.0.1"}.items()
    )


def test_other_sites_may_ask_the_api_when_named_and_never_with_the_cookie(shop):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,idempotency-key"}
    with shop.site.api(1) as api:
        before = api.options("/cdm/interaction", headers={"Origin": ORIGIN, **asked})
        assert (before.status_code, before.headers["Access-Control-Allow-Origin"]) == (200, ORIGIN)
        answer = api.get("/cdm/customer360/1", headers={"Origin": ORIGIN})
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in {**before.headers, **answer.headers}
        for path, origin in (("/cdm/customer360/1", "https://evil.example"), ("/admin/crm", ORIGIN), ("/live", ORIGIN)):
            assert "Access-Control-Allow-Origin" not in api.get(path, headers={"Origin": origin}).headers
        refused = api.options("/cdm/interaction", headers={"Origin": "https://evil.example", **asked})
        assert "Access-Control-Allow-Origin" not in refused.headers


def test_on_this_machine_no_other_name_will_do(shop):
    for host, status in (
        ("localhost", 200),
        ("127.0.0.1:3001", 200),
        ("[::1]:3001", 200),
        ("evil.example", 400),
        ("localhost.evil.example", 400),
        ("", 400),
    ):
        assert httpx.get(f"{shop.site.url}/healthz", headers={"Host": host}).status_code == status, host


def test_numbers_are_for_this_machine_alone(shop):
    url = f"{shop.site.url}/metrics"
    numbers = httpx.get(url).text
    assert 'trustcart_http_requests_total{method="GET",route="/sign-in",status="200"}' in numbers
    assert 'trustcart_sign_ins_refused_total{reason="wrong"}' in numbers
    assert "trustcart_pool_connections " in numbers
    assert "customer360/1" not in numbers
    # A proxy on this machine asks for somebody who is not on it.
    for header in ("X-Forwarded-For", "Forwarded", "Via"):
        assert httpx.get(url, headers={header: "203.0.113.9"}).status_code == 404


def test_a_proxy_is_believed_when_it_is_named(shop, tmp_path):
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.users (id, name, email, role) values (51, 'Far', 'far@example.com', 'crm_agent')"
        )
        web.set_passwords(connection, [51])
    named = ("--trusted-proxy", "127.0.0.1", "--metrics-from", "198.51.100.0/24", "--allowed-host", "crm.example.com")
    with web.serving(shop.database.url, *named, log=tmp_path / "log") as site:
        headers = {"Host": "crm.example.com", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        with httpx.Client(base_url=site.url, headers=headers) as client:
            page = client.get("/sign-in")
            assert page.headers["Strict-Transport-Security"]
            anonymous = page.headers["Set-Cookie"]
            assert anonymous.startswith("__Host-trustcart_anonymous=") and "; Secure" in anonymous
            fields = {"csrf_token": web.csrf_of(page.text), "email": "far@example.com", "password": web.PASSWORD}
            sent = {"Cookie": anonymous.partition(";")[0], "Origin": "https://crm.example.com"}
            done = client.post("/sign-in", data=fields, headers=sent)
            assert done.status_code == 303
            assert any(cookie.startswith("__Host-trustcart_session=") for cookie in done.headers.get_list("Set-Cookie"))
            assert client.get("/metrics").status_code == 404
            assert client.get("/metrics", headers={"X-Forwarded-For": "198.51.100.7"}).status_code == 200
            assert client.get("/healthz", headers={"Host": "localhost"}).status_code == 400
        assert '"client": "203.0.113.9"' in (tmp_path / "log").read_text()


class Gate:
    """A gate whose attempts end as told: right, wrong, or the database away."""

    def __init__(self) -> None:
        self.refused = Counter("refused", "", ("reason",), registry=None)
        self.now = 1000.0
        self.gate = sign_in_gate.SignInGate(self.refused, lambda: self.now)

    def attempt(self, address: str, error: Exception | None = None) -> str:
        """What comes of it: "in", or the exception's name."""

        def check() -> None:
            if error is not None:
                raise error

        try:
            asyncio.run(self.gate.attempt(address, check))
        except (RefusedError, BusyError, ConnectError) as refused:
            return "too many" if refused.http_status == 429 else type(refused).__name__
        return "in"


@pytest.fixture
def gate() -> Iterator[Gate]:
    """A gate at a clock that stands still."""
    made = Gate()
    yield made
    made.gate.close()


WRONG = SignInError("wrong", "", "TC404")


def test_an_address_that_fails_too_often_waits(gate):
    assert [gate.attempt("203.0.113.9", WRONG) for _ in range(sign_in_gate.FAILURES)] == ["SignInError"] * 20
    assert gate.attempt("203.0.113.9") == "too many"
    assert gate.attempt("203.0.113.10") == "in"
    gate.now += sign_in_gate.SECONDS
    assert gate.attempt("203.0.113.9", WRONG) == "SignInError"
    assert gate.attempt("203.0.113.9") == "too many"
    samples = gate.refused.collect()[0].samples
    counted = {one.labels["reason"]: one.value for one in samples if one.name == "refused_total"}
    assert (counted["wrong"], counted["address"]) == (21, 2)


def test_who_signs_in_uses_nothing_up_nor_does_a_database_that_is_away(gate):
    assert {gate.attempt("203.0.113.9") for _ in range(100)} == {"in"}
    assert {gate.attempt("203.0.113.9", ConnectError("away")) for _ in range(100)} == {"ConnectError"}
    assert gate.attempt("203.0.113.9", WRONG) == "SignInError"


def test_a_network_of_ipv6_is_one_client(gate):
    for number in range(sign_in_gate.FAILURES):
        assert gate.attempt(f"2001:db8:1:2::{number:x}", WRONG) == "SignInError"
    assert gate.attempt("2001:db8:1:2:ffff::1") == "too many"
    assert gate.attempt("2001:db8:1:3::1") == "in"
    for _ in range(sign_in_gate.FAILURES):
        gate.attempt("::ffff:203.0.113.9", WRONG)
    assert gate.attempt("203.0.113.9") == "too many"


def test_what_is_remembered_of_addresses_is_bounded(gate, monkeypatch):
    monkeypatch.setattr(sign_in_gate, "_ADDRESSES", 3)
    for number in range(10):
        gate.attempt(f"203.0.113.{number}", WRONG)
    assert len(gate.gate._used) == 3


def test_attempts_at_once_are_counted_and_bounded(monkeypatch):
    monkeypatch.setattr(sign_in_gate, "_WAITING", 1)
    gate, opened, running = Gate().gate, threading.Event(), []

    def check() -> None:
        running.append(1)
        opened.wait(20)
        raise WRONG

    async def main() -> list[type]:
        started = [asyncio.create_task(gate.attempt("203.0.113.9", check)) for _ in range(5)]
        await asyncio.sleep(0)
        # Two hash, one waits, the others are sent away; and who goes away is counted all the same.
        started[0].cancel()
        assert gate._level("203.0.113.9") > 2.9
        opened.set()
        done = await asyncio.gather(*started, return_exceptions=True)
        while gate._inside:
            await asyncio.sleep(0.01)
        assert gate._level("203.0.113.9") > 2.9
        return [type(one) for one in done]

    assert asyncio.run(main()) == [asyncio.CancelledError, SignInError, SignInError, BusyError, BusyError]
    with contextlib.suppress(RuntimeError):
        gate.close()
