"""E-mail by SMTP: one connection a sending thread, kept; bounces come back to an address that names the message."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
import threading
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate, parseaddr

from trustcart_db.delivery.config import Table
from trustcart_db.delivery.message import ChannelError, Message, Outcome, masked
from trustcart_db.errors import UsageError

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SECURITY = ("starttls", "tls", "none")
_ADDRESS = re.compile(r"[^\s@<>(),;:\\\"\[\]]{1,64}@(?:[^\s@<>(),;:\\\"\[\].]+\.)*[^\s@<>(),;:\\\"\[\].]+")
# Of a mailbox's local part.
_MOST_LOCAL = 64


class _Policy(EmailPolicy):
    """As SMTP wants it; addresses of the web stay whole, which the library would break into encoded words."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """A header as bytes."""
        if name == "List-Unsubscribe":
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n")


class SmtpTransport:
    """MAIL FROM bounce+<key>@…, Message-ID <key@domain of From>, List-Unsubscribe by one click."""

    def __init__(self, table: Table) -> None:
        self.concurrency = int(table.number("concurrency", 2, 1, 64))
        self._timeout = table.timeout
        self._host = table.text("host")
        self._security = table.text("security", "none" if self._host in _LOOPBACK else "starttls")
        if self._security not in _SECURITY:
            raise UsageError(
                f"{table.where}: security = {self._security!r} is unknown.", f"Known: {', '.join(_SECURITY)}."
            )
        port = {"starttls": 587, "tls": 465, "none": 25}[self._security]
        self._port = int(table.number("port", port, 1, 65535))
        self._ca_file = table.text("ca_file", "") or None
        self._user = table.text("username", "") or None
        self._password = table.secret("password_env") if self._user else None
        if self._password and self._security == "none" and self._host not in _LOOPBACK:
            raise UsageError(
                f"{table.where} would send the password without TLS.", 'Write security = "starttls" or "tls".'
            )
        name, sender = parseaddr(table.text("from"))
        self._bounce = table.text("bounce", sender)
        for field, address in (("from", sender), ("bounce", self._bounce)):
            if not _ADDRESS.fullmatch(address) or not address.isascii():
                raise UsageError(
                    f"{table.where}: {field} is no e-mail address.", "Write news@example.com, for example."
                )
        self._from = Address(name, addr_spec=sender)
        self._subject = table.text("subject", name or sender)
        self._reply_to = table.text("reply_to", "") or None
        self._mine = threading.local()

    def send(self, message: Message) -> Outcome:
        """Send it over the thread's connection; a connection that the server ended meanwhile is made anew once."""
        if not _ADDRESS.fullmatch(message.address):
            return Outcome("permanent", None, "address", "not an e-mail address")
        try:
            mail = self._mail(message)
        except (MessageError, ValueError, UnicodeError) as error:
            return Outcome("permanent", None, "message", masked(error, message))
        reused = getattr(self._mine, "client", None) is not None
        try:
            outcome = self._transact(mail, message)
            if outcome is None and reused:
                outcome = self._transact(mail, message)
        except smtplib.SMTPServerDisconnected as error:
            # After the text began: whether the server took it is not known. Its Message-ID stays the same.
            self.close()
            return _lost(error)
        except (TimeoutError, OSError, smtplib.SMTPException) as error:
            self.close()
            status = "timeout" if isinstance(error, TimeoutError) else "no connection"
            return Outcome("temporary", None, status, masked(error, message))
        return outcome or _lost(smtplib.SMTPServerDisconnected())

    def close(self) -> None:
        """End the calling thread's connection."""
        client, self._mine.client = getattr(self._mine, "client", None), None
        if client is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                client.close()

    def bounce_address(self, key: str) -> str:
        """The envelope's sender: a bounce that comes back to it names the message."""
        local, _, domain = self._bounce.partition("@")
        named = f"{local}+{key}"
        return f"{named if len(named) <= _MOST_LOCAL else local}@{domain}"

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage(policy=_POLICY)
        mail["From"] = self._from
        mail["To"] = message.address
        mail["Subject"] = " ".join((message.subject or self._subject).split())
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{message.key}@{self._from.domain}>"
        mail["Idempotency-Key"] = message.key
        if self._reply_to:
            mail["Reply-To"] = self._reply_to
        if message.unsubscribe_url:
            mail["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(message.body)
        return mail

    def _transact(self, mail: EmailMessage, message: Message) -> Outcome | None:
        """One transaction. Result: None when the connection was gone before the text began."""
        try:
            client = self._connected()
            options = ["smtputf8"] if not message.address.isascii() and client.has_extn("smtputf8") else []
            code, answer = client.mail(self.bounce_address(message.key), options)
            if code >= 500 and code != 552:
                raise ChannelError(
                    f"The mail server refuses the sender: {code}.", masked(answer.decode(errors="replace"), message)
                )
            if code < 400:
                code, answer = client.rcpt(message.address)
        except smtplib.SMTPServerDisconnected as error:
            self.close()
            lost = _lost(error)
            return lost if lost.status == "timeout" else None
        if code < 400:
            code, answer = client.data(mail.as_bytes(policy=_POLICY.clone(utf8=bool(options))))
        if code < 400:
            return Outcome("accepted", mail["Message-ID"], str(code))
        error = masked(answer.decode(errors="replace"), message)
        if code == 421:
            self.close()
        else:
            with contextlib.suppress(smtplib.SMTPServerDisconnected):
                client.rset()
        if code == 530:
            raise ChannelError(f"The mail server wants a login: {code}.", error)
        return Outcome("temporary" if code < 500 else "permanent", None, str(code), error)

    def _connected(self) -> smtplib.SMTP:
        client = getattr(self._mine, "client", None)
        if client is not None:
            return client
        context = ssl.create_default_context(cafile=self._ca_file)
        try:
            if self._security == "tls":
                client = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
            else:
                client = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
            self._mine.client = client
            client.ehlo_or_helo_if_needed()
            if self._security == "starttls":
                if not client.has_extn("starttls"):
                    raise ChannelError(
                        f"The mail server {self._host} offers no STARTTLS.",
                        'Use one that does, or its port for TLS with security = "tls".',
                    )
                client.starttls(context=context)
                client.ehlo()
            if self._user:
                client.login(self._user, self._password)
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise ChannelError(f"The certificate of {self._host} is not trusted.", error.verify_message) from None
        except smtplib.SMTPAuthenticationError as error:
            self.close()
            if error.smtp_code < 500:
                raise
            raise ChannelError(
                f"The mail server {self._host} refuses the credentials: {error.smtp_code}.",
                "Check username, and the environment variable that password_env names.",
            ) from None
        except smtplib.SMTPNotSupportedError:
            self.close()
            raise ChannelError(f"The mail server {self._host} offers no login.", None) from None
        except ChannelError:
            self.close()
            raise
        return client


def _lost(error: smtplib.SMTPServerDisconnected) -> Outcome:
    """A connection that ended; smtplib says the same of a server that does not answer."""
    if isinstance(error.__context__, TimeoutError):
        return Outcome("temporary", None, "timeout", "the mail server did not answer in time")
    return Outcome("temporary", None, "connection lost", "the mail server hung up")
