"""serve: the guide's HTTP API and the pages."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from pathlib import Path

import click

from trustcart_db.commands.options import examples
from trustcart_db.connection import READ, resolve, resolve_direct, resolve_replica
from trustcart_db.errors import ConnectError, MissingError, UsageError
from trustcart_db.phone_encryption import key_from

_ORIGIN = re.compile(r"\*|https?://[^/\s]+")


def _several(name: str, variable: str, text: str):
    """An option that may stand several times; in its variable, values are separated by blanks or commas."""
    return click.option(f"--{name}", multiple=True, envvar=variable, show_envvar=True, help=text)


def _seconds(name: str, default: float, text: str):
    return click.option(f"--{name}", type=click.FloatRange(0.1, 3600), default=default, show_default=True, help=text)


def _whole(name: str, default: int, least: int, most: int, text: str):
    kind = click.IntRange(least, most)
    return click.option(f"--{name}", type=kind, default=default, show_default=True, help=text)


@click.command(
    "serve",
    epilog=examples(
        "serve",
        "serve --host 0.0.0.0 --port 443 --allowed-host crm.example \\\n"
        "      --tls-certificate chain.pem --tls-key key.pem",
    ),
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=3001, show_default=True, help="0: any that is free.")
@click.option("--tls-certificate", type=click.Path(path_type=Path), help="Serve https: certificate and chain, in PEM.")
@click.option("--tls-key", type=click.Path(path_type=Path), help="The key of that, in PEM.")
@_several(
    "allowed-host", "TRUSTCART_ALLOWED_HOSTS", "A name that browsers may call us by; on loopback: localhost alone."
)
@_several("trusted-proxy", "TRUSTCART_TRUSTED_PROXIES", "Believe the X-Forwarded-For of this address or network.")
@_several("cors-origin", "TRUSTCART_CORS_ORIGINS", "Let scripts of this site ask the API, such as https://erp.example.")
@_several("metrics-from", "TRUSTCART_METRICS_FROM", "A network that may read /metrics; without one this machine alone.")
@_whole("connections", 10, 1, 1000, "Connections to the database, and as many to the replica.")
@_whole("requests", 200, 1, 100_000, "Requests in progress at once; more are answered 503.")
@_whole("sockets", 4000, 1, 1_000_000, "Connections of clients open at once, idle ones and live pages included.")
@_whole("body-bytes", 1024 * 1024, 1, 1024**3, "Longest body of a request.")
@_seconds("answer-seconds", 30, "Until a request is answered; the database has four fifths of it.")
@_seconds("receive-seconds", 15, "For the head of a request to arrive, and for its body again.")
@_seconds("replica-lag", 10, "How far behind the replica of TRUSTCART_READ_URL may be to be read.")
@click.option(
    "--access-log/--no-access-log", default=True, show_default=True, help="A line on stderr for each request."
)
@click.pass_obj
def serve_command(
    database_url: str | None,
    host: str,
    port: int,
    tls_certificate: Path | None,
    tls_key: Path | None,
    allowed_host: tuple[str, ...],
    trusted_proxy: tuple[str, ...],
    cors_origin: tuple[str, ...],
    metrics_from: tuple[str, ...],
    connections: int,
    requests: int,
    sockets: int,
    body_bytes: int,
    answer_seconds: float,
    receive_seconds: float,
    replica_lag: float,
    access_log: bool,
) -> None:
    """Serve the guide's HTTP API and the pages, until SIGTERM or Ctrl-C.

    The database URL is of a login role in trustcart_gateway that has no other rights. Tokens and sessions are signed
    with TRUSTCART_JWT_SECRET, or the key pair of TRUSTCART_JWT_PRIVATE_KEY_FILE; without one a secret of this run is
    made, and only this machine is served. Encrypted phone numbers are read with TRUSTCART_PHONE_KEY.

    With TRUSTCART_READ_URL what only reads is asked of that replica, as the same role: not for who has just changed
    something, not when it is too far behind, and not what is noted when it is read, such as who looked at a customer.
    When the primary is away, the replica answers all that can be read. Where the database URL leads through a pooler,
    TRUSTCART_DIRECT_URL names the server itself, for the one connection by which live pages are told. Both are of the
    same kind of login role.

    Several values in a variable are separated by blanks or commas. Behind a proxy that speaks https, name it by
    --trusted-proxy, so that cookies are marked Secure and sign-ins are counted by the client's own address.
    """
    try:
        from trustcart_db.auth import tokens
        from trustcart_db.web import server
        from trustcart_db.web.config import LOOPBACK, Config, Limits, form_secret
        from trustcart_db.web.gateway import check_gateway
    except ImportError as error:
        raise MissingError(
            f"{error.name} is not installed, which serving needs.", "Install it with: pip install 'trustcart-db[http]'"
        ) from None
    tls = None
    if tls_certificate is not None or tls_key is not None:
        if tls_certificate is None or tls_key is None:
            raise UsageError("One of --tls-certificate and --tls-key is missing.", "Both are needed to serve https.")
        tls = server.Tls(tls_certificate, tls_key)
        server.check_tls(tls)
    origins = _apart(cors_origin)
    if wrong := [origin for origin in origins if not _ORIGIN.fullmatch(origin)]:
        raise UsageError(f"{wrong[0]} is no origin.", "Write scheme and host alone: https://erp.example.com")
    if wrong := [name for name in _apart(allowed_host) if "*" in name[1:] or (name[0] == "*" and name[1:2] not in ".")]:
        raise UsageError(f"{wrong[0]} is no name of a host.", "Write erp.example.com, *.example.com, or * for any.")
    networks = tuple(_network(one) for one in _apart(metrics_from)) or LOOPBACK
    proxies = tuple(str(_network(one)) for one in _apart(trusted_proxy))

    with server.listen(host, port) as listening:
        address, opened = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        is_local = ipaddress.ip_address(address).is_loopback
        environment = dict(os.environ)
        if not any(environment.get(name) for name in (tokens.SECRET, tokens.PUBLIC_KEY_FILE, tokens.PRIVATE_KEY_FILE)):
            if not is_local:
                raise UsageError(
                    f"Without {tokens.SECRET} only this machine is served, and --host is {host}.",
                    "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'. Or leave --host out.",
                )
            environment[tokens.SECRET] = secrets.token_urlsafe(48)
            click.echo(f"{tokens.SECRET} is not set: only this machine is served, and sessions end with this process.")
        keys = tokens.read_keys(environment)
        if keys.signing is None:
            click.echo(f"{tokens.PRIVATE_KEY_FILE} is not set: the API is served, and nobody can sign in to the pages.")
        conninfo, direct, replica = resolve(database_url), resolve_direct(database_url), resolve_replica(database_url)
        phone_key = key_from()
        check_gateway(conninfo, phone_key, to_listen=direct == conninfo)
        if direct != conninfo:
            check_gateway(direct, to_listen=True)
        if replica is not None:
            try:
                check_gateway(replica)
            except ConnectError as error:
                click.echo(f"The replica of {READ} is away: until it is there, the primary is read. {error.message}")
        config = Config(
            conninfo=conninfo,
            direct=direct,
            replica=replica,
            keys=keys,
            secret=form_secret(keys),
            phone_key=phone_key,
            most_connections=connections,
            hosts=_apart(allowed_host) or (("localhost", "127.0.0.1", "[::1]", shown) if is_local else ("*",)),
            origins=origins,
            metrics_from=networks,
            limits=Limits(
                answer_seconds,
                receive_seconds,
                body_bytes=body_bytes,
                requests=requests,
                sockets=sockets,
                replica_lag_seconds=replica_lag,
            ),
        )
        url = f"{'https' if tls else 'http'}://{shown}:{opened}/"
        server.run(
            config,
            listening,
            lambda: click.echo(f"Serving on {url}"),
            tls=tls,
            proxies=proxies,
            access_log=access_log,
        )


def _apart(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for value in values for one in re.split(r"[\s,]+", value) if one)


def _network(text: str):
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise UsageError(f"{text} is no address and no network.", "Write 10.0.0.7 or 10.0.0.0/8.") from None


COMMANDS = (serve_command,)
