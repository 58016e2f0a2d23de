"""Transports against real servers on this machine: what they send, and what they make of each answer."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.python.conftest import REPOSITORY
from trustcart_db.delivery.config import Table, read_config, transport_of
from trustcart_db.delivery.message import ChannelError, Message, Transport, masked
from trustcart_db.errors import UsageError

KEY = "17-0b7e1c52-8d0a-4b1e-9a57-5f3a1f0c2d11"

UNSUBSCRIBE = "https://shop.example.com/a-rather-long-path-to-where-nobody-gets-any-more-mail"
EVERYTHING = re.compile(".*")


def message(channel: str, address: str = "+8801712345678", **changes: object) -> Message:
    """A message as claim_messages() hands it out."""
    text = "Dear Rahim, সালাম {key}"
    # Longer than a line of a mail, which must not break it.
    url = f"{UNSUBSCRIBE}/u/{KEY}"
    return Message(17, 1, KEY, channel, address, "A subject", text, url, 3, 5)._replace(**changes)


def transport(channel: str, **values: object) -> Transport:
    """A transport of the configuration [channel] with these values."""
    return transport_of(channel, {channel: Table(f"[{channel}]", values)})


@pytest.fixture
def http() -> Iterator[HTTPServer]:
    """A server that answers several requests at once."""
    with HTTPServer(threaded=True) as server:
        yield server
        server.clear()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# -- HTTP ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def over_http(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Transport]:
    """Each transport over HTTP, sending to a URL: over_http(channel, url)."""
    monkeypatch.setenv("A_SECRET", "s3cret-value")

    def make(channel: str, url: str, **values: object) -> Transport:
        own = {
            "sms": {"transport": "sms", "url": url, "form": {"to": "{to}"}},
            "whatsapp": {
                "transport": "whatsapp",
                "base_url": url,
                "version": "v1",
                "phone_number_id": "99",
                "token_env": "A_SECRET",
            },
            "push": {"transport": "outbox", "url": url, "secret_env": "A_SECRET"},
        }[channel]
        return transport(channel, **own, **values)

    return make


CHANNELS = ("sms", "whatsapp", "push")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("status", "headers", "kind", "wait"),
    [
        (429, {"Retry-After": "120"}, "temporary", 120),
        (429, {"Retry-After": "soon"}, "temporary", None),
        (503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, "temporary", 0),
        (500, {}, "temporary", None),
        (400, {}, "permanent", None),
        (422, {}, "permanent", None),
    ],
)
def test_an_answer_that_is_no_success(http, over_http, channel, status, headers, kind, wait):
    http.expect_request(EVERYTHING).respond_with_data("oops", status=status, headers=headers)
    outcome = over_http(channel, http.url_for("/x")).send(message(channel))
    assert (outcome.kind, outcome.status, outcome.retry_after) == (kind, str(status), wait)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("status", [301, 401, 403, 404, 405])
def test_an_answer_that_no_message_would_escape_stops_the_channel(http, over_http, channel, status):
    http.expect_request(EVERYTHING).respond_with_data("", status=status, headers={"Location": "/y"})
    with pytest.raises(ChannelError) as error:
        over_http(channel, http.url_for("/x")).send(message(channel))
    assert str(status) in error.value.message


@pytest.mark.parametrize("channel", CHANNELS)
def test_nobody_listens(over_http, channel):
    outcome = over_http(channel, f"http://127.0.0.1:{free_port()}/x").send(message(channel))
    assert (outcome.kind, outcome.status) == ("temporary", "no connection")


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_provider_that_hangs(http, over_http, channel):
    gate = threading.Event()
    http.expect_request(EVERYTHING).respond_with_handler(lambda _: gate.wait(30) and Response("late"))
    try:
        outcome = over_http(channel, http.url_for("/x"), timeout=0.3).send(message(channel))
    finally:
        gate.set()
    assert (outcome.kind, outcome.status) == ("temporary", "timeout")


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_provider_whose_answer_drips_without_end(http, over_http, channel):
    gate = threading.Event()

    def drip() -> Iterator[bytes]:
        while not gate.wait(0.05):
            yield b"."

    http.expect_request(EVERYTHING).respond_with_handler(lambda _: Response(drip()))
    try:
        outcome = over_http(channel, http.url_for("/x"), timeout=0.5).send(message(channel))
    finally:
        gate.set()
    assert (outcome.kind, outcome.status) == ("temporary", "timeout")


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_provider_that_hangs_up(over_http, channel):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            server.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        outcome = over_http(channel, f"http://127.0.0.1:{server.getsockname()[1]}/x").send(message(channel))
    assert outcome.kind == "temporary"


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize("address", ["", "01712345678", "someone@example.com", "+88\n0171234"])
def test_an_address_that_is_none_is_not_sent_to(http, over_http, channel, address):
    outcome = over_http(channel, http.url_for("/x")).send(message(channel, address))
    assert (outcome.kind, outcome.status) == ("permanent", "address")
    assert http.log == []


def test_the_outbox_signs_what_it_posts(http, over_http):
    seen: list[Request] = []

    def take(request: Request) -> Response:
        request.get_data()
        seen.append(request)
        return Response('{"id": 4711}', 202, content_type="application/json")

    http.expect_request("/x", method="POST").respond_with_handler(take)
    outcome = over_http("push", http.url_for("/x")).send(message("push", "customer:5"))
    assert outcome[:3] == ("accepted", "4711", "202")
    (request,) = seen
    moment, signature = (part.partition("=")[2] for part in request.headers["X-TrustCart-Signature"].split(","))
    signed = moment.encode() + b"." + request.get_data()
    assert signature == hmac.new(b"s3cret-value", signed, hashlib.sha256).hexdigest()
    assert request.headers["Idempotency-Key"] == KEY
    posted = json.loads(request.get_data())
    assert posted["key"] == KEY
    assert (posted["address"], posted["customer_id"], posted["body"]) == ("customer:5", 5, message("push").body)


# -- SMS -----------------------------------------------------------------------------------------------------------


def test_sms_sends_the_request_as_configured(http, monkeypatch):
    monkeypatch.setenv("SMS_TOKEN", "tok-en")
    http.expect_request(
        "/send",
        method="POST",
        query_string={"ref": KEY},
        headers={"Authorization": "Bearer tok-en", "Idempotency-Key": KEY},
        json={"to": ["8801712345678"], "text": "Dear Rahim, সালাম {key}", "unicode": True},
    ).respond_with_json({"data": [{"id": 99}]})
    one = transport(
        "sms",
        transport="sms",
        url=http.url_for("/send"),
        headers={"Authorization": "Bearer {env:SMS_TOKEN}"},
        query={"ref": "{key}"},
        json={"to": ["{to}"], "text": "{text}", "unicode": True},
        id_path="data.0.id",
    )
    assert one.send(message("sms"))[:3] == ("accepted", "99", "200")


@pytest.mark.parametrize(
    ("form", "address", "expected"),
    [
        ("8801", "+8801712345678", "8801712345678"),
        ("+8801", "+8801712345678", "+8801712345678"),
        ("01", "+8801712345678", "01712345678"),
        ("01", "+442071234567", "442071234567"),
    ],
)
def test_sms_writes_numbers_as_the_gateway_wants_them(http, form, address, expected):
    http.expect_request("/", method="GET", query_string={"n": expected}).respond_with_data("OK")
    one = transport(
        "sms", transport="sms", url=http.url_for("/"), method="get", query={"n": "{to}"}, number_format=form
    )
    assert one.send(message("sms", address)).kind == "accepted"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"code": "OK"}, "accepted"),
        ({"code": "QUEUED"}, "accepted"),
        ({"code": "BUSY"}, "temporary"),
        ({"code": "INVALID_NUMBER"}, "permanent"),
        ({}, "temporary"),
    ],
)
def test_sms_gateways_that_answer_200_to_everything(http, answer, kind):
    http.expect_request("/").respond_with_json(answer)
    one = transport(
        "sms",
        transport="sms",
        url=http.url_for("/"),
        form={"n": "{to}"},
        success={"path": "code", "pattern": "^(OK|QUEUED)$"},
        temporary_pattern="BUSY|THROTTLED",
    )
    assert one.send(message("sms")).kind == kind


# -- WhatsApp ------------------------------------------------------------------------------------------------------


def test_whatsapp_text(http, over_http):
    http.expect_request(
        "/v1/99/messages",
        method="POST",
        headers={"Authorization": "Bearer s3cret-value"},
        json={
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "8801712345678",
            "biz_opaque_callback_data": KEY,
            "type": "text",
            "text": {"preview_url": False, "body": "Dear Rahim, সালাম {key}"},
        },
    ).respond_with_json({"messages": [{"id": "wamid.X"}]})
    assert over_http("whatsapp", http.url_for("/")).send(message("whatsapp"))[:3] == ("accepted", "wamid.X", "200")


@pytest.mark.parametrize(
    ("mode", "components"),
    [
        ("none", None),
        ("body", ["a b c"]),
        ("subject_and_body", ["A subject", "a b c"]),
    ],
)
def test_whatsapp_template(http, over_http, mode, components):
    seen: list[dict] = []

    def take(request: Request) -> Response:
        seen.append(request.get_json())
        return Response('{"messages": [{"id": "wamid.X"}]}', content_type="application/json")

    http.expect_request("/v1/99/messages").respond_with_handler(take)
    template = {"name": "news", "language": "bn", "parameters": mode}
    one = over_http("whatsapp", http.url_for("/"), template=template)
    assert one.send(message("whatsapp", body="a\n\tb    c")).kind == "accepted"
    sent = seen[0]["template"]
    assert (seen[0]["type"], sent["name"], sent["language"]) == ("template", "news", {"code": "bn"})
    texts = [p["text"] for p in sent["components"][0]["parameters"]] if "components" in sent else None
    assert texts == components


def test_whatsapp_template_that_shows_a_subject_needs_one(http, over_http):
    template = {"name": "news", "language": "bn", "parameters": "subject_and_body"}
    with pytest.raises(ChannelError, match="Campaign 3 has no subject"):
        over_http("whatsapp", http.url_for("/"), template=template).send(message("whatsapp")._replace(subject=None))
    assert http.log == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [(400, 130429, "temporary"), (400, 131056, "temporary"), (400, 131026, "permanent"), (500, 131000, "temporary")],
)
def test_whatsapp_codes(http, over_http, status, code, kind):
    http.expect_request("/v1/99/messages").respond_with_json(
        {"error": {"code": code, "message": "(#1) for +8801712345678"}}, status=status, headers={"Retry-After": "7"}
    )
    outcome = over_http("whatsapp", http.url_for("/")).send(message("whatsapp"))
    assert (outcome.kind, outcome.status, outcome.error) == (kind, f"{status}/{code}", "(#1) for …")
    assert outcome.retry_after == (7 if kind == "temporary" else None)


@pytest.mark.parametrize("code", [190, 10, 131031, 132001])
def test_whatsapp_codes_that_stop_the_channel(http, over_http, code):
    http.expect_request("/v1/99/messages").respond_with_json({"error": {"code": code, "message": "no"}}, status=400)
    with pytest.raises(ChannelError):
        over_http("whatsapp", http.url_for("/")).send(message("whatsapp"))


def test_whatsapp_success_without_a_message_is_none(http, over_http):
    http.expect_request("/v1/99/messages").respond_with_json({})
    assert over_http("whatsapp", http.url_for("/")).send(message("whatsapp")).kind == "temporary"


# -- SMTP ----------------------------------------------------------------------------------------------------------


class Inbox:
    """A mail server's handler: keeps what it takes, and answers as told."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.sessions: set[int] = set()
        self.answers: dict[str, str] = {}
        self.gate: threading.Event | None = None

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.sessions.add(id(session))
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 taken"


@pytest.fixture
def mail_server() -> Iterator[Callable[..., tuple[Inbox, int]]]:
    """Start a mail server: mail_server(**options of aiosmtpd) → its inbox, its port."""
    running: list[Controller] = []

    def start(**options: object) -> tuple[Inbox, int]:
        inbox = Inbox()
        controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        running.append(controller)
        return inbox, controller.port

    yield start
    for one in running:
        one.stop()


def smtp(port: int, **values: object) -> Transport:
    """A transport to a mail server here."""
    own = {"transport": "smtp", "host": "127.0.0.1", "port": port, "from": "The Shop <news@shop.example>", "timeout": 5}
    return transport("email", **{**own, **values})


def mail(address: str = "rahim@example.com", **changes: object) -> Message:
    """A mail as claim_messages() hands it out."""
    return message("email", address, **changes)


def test_mail_carries_what_mail_needs(mail_server):
    import email

    inbox, port = mail_server()
    one = smtp(port, bounce="b@bounces.example")
    outcome = one.send(mail(subject="শুভেচ্ছা\r\nBcc: x@example.com"))
    assert outcome[:3] == ("accepted", f"<{KEY}@shop.example>", "250")
    ((sender, to, content),) = inbox.taken
    assert (sender, to) == (f"b+{KEY}@bounces.example", ["rahim@example.com"])
    assert f"List-Unsubscribe: <{UNSUBSCRIBE}/u/{KEY}>\r\n".encode() in content
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    assert parsed["From"] == "The Shop <news@shop.example>"
    assert parsed["To"] == "rahim@example.com"
    assert parsed["Subject"] == "শুভেচ্ছা Bcc: x@example.com"
    assert parsed["Bcc"] is None
    assert parsed["Message-ID"] == f"<{KEY}@shop.example>"
    assert parsed["List-Unsubscribe"] == f"<{UNSUBSCRIBE}/u/{KEY}>"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed.get_content().strip() == mail().body


def test_one_connection_serves_many_mails_and_is_made_anew_when_it_ends(mail_server):
    inbox, port = mail_server()
    one = smtp(port)
    assert [one.send(mail()).kind for _ in range(3)] == ["accepted"] * 3
    assert len(inbox.sessions) == 1
    one._mine.client.sock.shutdown(socket.SHUT_RDWR)
    assert one.send(mail()).kind == "accepted"
    assert len(inbox.taken) == 4
    one.close()


@pytest.mark.parametrize(
    ("step", "answer", "kind"),
    [
        ("RCPT", "550 no such user rahim@example.com here", "permanent"),
        ("RCPT", "451 try later", "temporary"),
        ("DATA", "554 not wanted", "permanent"),
        ("DATA", "421 closing", "temporary"),
        ("MAIL", "451 busy", "temporary"),
    ],
)
def test_refusals_of_a_mail_server(mail_server, step, answer, kind):
    inbox, port = mail_server()
    inbox.answers[step] = answer
    one = smtp(port)
    outcome = one.send(mail())
    assert (outcome.kind, outcome.status) == (kind, answer[:3])
    assert "rahim" not in (outcome.error or "")
    inbox.answers.clear()
    assert one.send(mail()).kind == "accepted"


def test_a_sender_that_the_server_refuses_stops_the_channel(mail_server):
    inbox, port = mail_server()
    inbox.answers["MAIL"] = "550 sender unknown"
    with pytest.raises(ChannelError):
        smtp(port).send(mail())


@pytest.mark.parametrize(
    "address", ["nobody", "a b@example.com", "a@b@c", "", "x@example.com\r\nRCPT TO:<y@example.com>"]
)
def test_a_mail_address_that_is_none(mail_server, address):
    inbox, port = mail_server()
    assert smtp(port).send(mail(address))[:3] == ("permanent", None, "address")
    assert inbox.taken == []


def test_no_mail_server_listens():
    assert smtp(free_port()).send(mail())[:3] == ("temporary", None, "no connection")


def test_a_mail_server_that_hangs():
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert smtp(server.getsockname()[1], timeout=0.3).send(mail())[:3] == ("temporary", None, "timeout")


def test_starttls_demanded_but_missing(mail_server):
    inbox, port = mail_server()
    with pytest.raises(ChannelError, match="offers no STARTTLS"):
        smtp(port, security="starttls").send(mail())
    assert inbox.taken == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key, made for this run."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run(command, check=True, capture_output=True)
    with path.open("a") as file:
        file.write(Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def secure_server(mail_server, certificate) -> tuple[Inbox, int]:
    """A mail server that demands STARTTLS and a login."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def check(server, session, envelope, mechanism, data) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"shop", b"right")
        return AuthResult(success=right, handled=right)

    return mail_server(tls_context=context, require_starttls=True, auth_required=True, authenticator=check)


def test_starttls_and_login(secure_server, certificate, monkeypatch):
    inbox, port = secure_server
    monkeypatch.setenv("SMTP_PASSWORD", "right")
    values = {"security": "starttls", "username": "shop", "password_env": "SMTP_PASSWORD", "ca_file": str(certificate)}
    assert smtp(port, **values).send(mail()).kind == "accepted"
    assert len(inbox.taken) == 1


def test_wrong_credentials_stop_the_channel_and_are_not_told(secure_server, certificate, monkeypatch):
    _, port = secure_server
    monkeypatch.setenv("SMTP_PASSWORD", "wr0ng-password")
    values = {"security": "starttls", "username": "shop", "password_env": "SMTP_PASSWORD", "ca_file": str(certificate)}
    with pytest.raises(ChannelError, match="refuses the credentials: 535") as error:
        smtp(port, **values).send(mail())
    assert "wr0ng" not in f"{error.value.message}{error.value.hint}"


def test_no_credentials_where_some_are_wanted(secure_server, certificate):
    _, port = secure_server
    with pytest.raises(ChannelError, match="530"):
        smtp(port, security="starttls", ca_file=str(certificate)).send(mail())


def test_a_certificate_that_nobody_vouches_for(secure_server):
    _, port = secure_server
    with pytest.raises(ChannelError, match="not trusted"):
        smtp(port, security="starttls").send(mail())


# -- configuration -------------------------------------------------------------------------------------------------


def test_the_sample_configuration_is_one(monkeypatch):
    for name in ("SMTP_PASSWORD", "WHATSAPP_TOKEN", "SMS_TOKEN", "OUTBOX_SECRET"):
        monkeypatch.setenv(name, "x")
    tables = read_config(REPOSITORY / "docs" / "delivery.toml")
    assert list(tables) == ["email", "whatsapp", "sms", "push"]
    for channel in tables:
        transport_of(channel, tables)


SMTP = 'transport = "smtp"\nhost = "mail.example.com"\nfrom = "a@example.com"\n'
SMS = 'transport = "sms"\nurl = "https://sms.example.com/"\n'


@pytest.mark.parametrize(
    ("channel", "text", "says"),
    [
        ("email", f'[email]\n{SMTP}username = "u"\npassword = "hunter2"', "holds password"),
        ("sms", f'[sms]\n{SMS}[sms.headers]\nX-API-Key = "hunter2"', "holds X-API-Key"),
        ("sms", f'[sms]\n{SMS}[sms.form]\nto = "{{to}}"\napi_token = "hunter2"', "holds api_token"),
        ("sms", '[sms]\ntransport = "sms"\nurl = "https://u:hunter2@sms.example.com/"', "user or password"),
        ("sms", '[sms]\ntransport = "sms"\nurl = "https://sms.example.com/?api_key=hunter2"', "holds a secret"),
        ("sms", '[sms]\ntransport = "sms"\nurl = "http://sms.example.com/"', "no TLS"),
        ("sms", '[sms]\ntransport = "sms"\nurl = "ftp://sms.example.com/"', "no address of HTTP"),
        ("email", f'[email]\n{SMTP}username = "u"\npassword_env = "NOT_SET_ANYWHERE"', "NOT_SET_ANYWHERE is not set"),
        ("email", f'[email]\n{SMTP}username = "u"\n', "needs password_env"),
        ("email", f"[email]\n{SMTP}prot = 25", "unknown prot"),
        ("email", f"[email]\n{SMTP}port = 0", "port is a number"),
        ("email", f"[email]\n{SMTP}timeout = 3600", "timeout is a number"),
        ("email", f'[email]\n{SMTP}security = "ssl"', "'ssl' is unknown"),
        ("email", '[email]\ntransport = "smtp"\nhost = "h"\nfrom = "nobody"', "no e-mail address"),
        ("email", '[email]\ntransport = "sms"', "does not serve email"),
        ("sms", f'[sms]\n{SMS}[sms.form]\nx = "{{text}}"', "sends no {to}"),
        ("sms", f'[sms]\n{SMS}[sms.form]\nx = "{{to}}"\n[sms.success]\npattern = "("', "no regular expression"),
        ("sms", f'[sms]\n{SMS}[sms.form]\nx = "{{to}}"\n[sms.json]\nx = "{{to}}"', "both form and json"),
        ("push", f"[email]\n{SMTP}", "No transport is configured for push"),
        ("email", "[fax]\nx = 1", "fax, which is no channel"),
        ("email", "[email", "is not TOML"),
        ("email", None, "Cannot read"),
    ],
)
def test_configurations_that_are_wrong(tmp_path, channel, text, says):
    path = tmp_path / "delivery.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        transport_of(channel, read_config(path))
    assert says in error.value.message
    assert "hunter2" not in f"{error.value.message}{error.value.hint}"


# -- what is kept of an error --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("550 <Rahim@Example.com>: unknown", "550 <…>: unknown"),
        ("number 8801712345678 barred, call 01812-345678", "number … barred, call …"),
        ("a\nb\tc", "a b c"),
        ("code 131026", "code 131026"),
        ("x" * 500, "x" * 200),
        ("you sent: Dear Rahim, this is a long message to you", "(the provider repeated the message)"),
    ],
)
def test_errors_are_kept_without_address_or_body(text, kept):
    one = message("email", "rahim@example.com", body="Dear Rahim, this is a long message to you and others")
    assert masked(text, one) == kept
