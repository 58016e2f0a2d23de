"""The CRM dashboard: /admin/crm."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from trustcart_db.web.pages.answers import show

router = APIRouter(include_in_schema=False)


@router.get("/admin/crm")
async def crm(request: Request) -> Response:
    """The five widgets, as `page_crm` has them: an agent's own, a leader's team, or the shop. Raises TrustCartError."""
    # Before the figures are read: what changes meanwhile is told once more rather than not at all.
    mark = request.app.state.live.mark
    return await show(request, "crm.html", "page_crm", mark=mark)
