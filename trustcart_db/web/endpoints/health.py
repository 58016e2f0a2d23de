"""Whether the server runs, whether it can do its work, and how it does: for who watches over it."""

from __future__ import annotations

import ipaddress

from fastapi import APIRouter, Request
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from trustcart_db.errors import TrustCartError
from trustcart_db.web.config import Config

router = APIRouter(include_in_schema=False)
# What a proxy adds: who asks through one is not on this machine, though the proxy is.
_FORWARDED = ("forwarded", "x-forwarded-for", "via")


@router.get("/healthz")
async def healthz() -> Response:
    """The process answers."""
    return JSONResponse({"status": "up"})


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """The database answers too; 503 when it does not. The replica alone will do for those who read."""
    try:
        is_whole = await request.app.state.database.check()
    except TrustCartError as error:
        return JSONResponse({"status": "waiting", "detail": error.message}, 503, {"Retry-After": "5"})
    if not is_whole:
        return JSONResponse({"status": "ready", "detail": "The primary is away: nothing can be changed."})
    return JSONResponse({"status": "ready"})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Numbers for Prometheus. 404 for who is not on one of the networks that may read them."""
    config: Config = request.app.state.config
    if not _may_read(request, config):
        raise HTTPException(404)
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _may_read(request: Request, config: Config) -> bool:
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    if address.is_loopback and any(name in request.headers for name in _FORWARDED):
        return False
    return any(address in network for network in config.metrics_from)
