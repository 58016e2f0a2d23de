"""The app: endpoints, pages, files, and what holds for all of them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from trustcart_db.web import live, openapi, problems
from trustcart_db.web.config import Config
from trustcart_db.web.database import Database
from trustcart_db.web.endpoints import cdm, health
from trustcart_db.web.endpoints import crm as crm_endpoints
from trustcart_db.web.headers import Headers, OtherSites
from trustcart_db.web.limits import Bounded
from trustcart_db.web.observing import Metrics, Observed
from trustcart_db.web.pages import agent, automation, crm, customer, customers, sign_in, team
from trustcart_db.web.rendering import STATIC
from trustcart_db.web.sign_in_gate import SignInGate

#: FastAPI would tell others what is asked and answered, if its environment told it to whom.
_NO_TELEMETRY = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False}


class _App(FastAPI):
    """FastAPI within what holds for every answer, those to unforeseen failures included."""

    def build_middleware_stack(self) -> ASGIApp:
        """Result: the app in its layers. The outermost comes last."""
        config: Config = self.state.config
        inner = super().build_middleware_stack()
        self.state.bounded = Bounded(inner, config.limits)
        self.state.metrics.bounded = self.state.bounded
        whole = OtherSites(self.state.bounded, config.origins, problems.API_PREFIXES)
        whole = TrustedHostMiddleware(whole, config.hosts, www_redirect=False)
        return Observed(Headers(whole), self.state.metrics)


def make_app(config: Config) -> FastAPI:
    """Make the app. Argument: its configuration. Result: the ASGI app, which connects when it starts."""
    database = Database(config)
    streams = live.Live(config, database.replica)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await database.open()
        await streams.start()
        yield
        await streams.stop()
        await database.close()
        app.state.gate.close()

    # An address is right or wrong: a redirect would be built with whatever Host the request names.
    app = _App(
        lifespan=lifespan,
        telemetry=_NO_TELEMETRY,
        max_body_size=config.limits.body_bytes,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.config, app.state.database, app.state.live = config, database, streams
    app.state.metrics = Metrics(database)
    app.state.gate = SignInGate(app.state.metrics.refused_sign_ins)
    problems.install(app)
    for router in (cdm.router, crm_endpoints.router):
        app.include_router(router)
    # customers before customer: /admin/customers/cdm is no id.
    for page in (sign_in, crm, agent, customers, customer, team, automation):
        app.include_router(page.router)
    app.include_router(live.router)
    app.include_router(health.router)
    openapi.install(app)
    app.mount("/static", _Files(directory=STATIC))
    return app


class _Files(StaticFiles):
    """Files whose address changes with their content, so that they may be kept for ever."""

    def file_response(self, *arguments: object, **named: object):
        response = super().file_response(*arguments, **named)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
