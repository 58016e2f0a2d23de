"""/cdm: customer data management."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request
from starlette.responses import Response

from trustcart_db.web.endpoints import bodies, fields, shapes
from trustcart_db.web.endpoints.fields import IdParameter, Word, whole_parameter, word
from trustcart_db.web.endpoints.routing import (
    JSON,
    NEXT,
    Asker,
    Endpoint,
    act,
    documented,
    read,
    with_etag,
    with_next,
    writes,
)

router = APIRouter(prefix="/cdm", tags=["CDM"], route_class=Endpoint)

After = Annotated[Word | None, Query(description="From the next link of the page before; without an offset.")]
CustomerId = Annotated[IdParameter, Path(alias="customerId", description="The id of a customer.")]


@router.get(
    "/customer360/{customerId}",
    responses={
        **documented(
            200,
            shapes.Customer,
            404,
            headers={
                "ETag": {"description": "Of this answer; send it as If-None-Match.", "schema": {"type": "string"}}
            },
        ),
        304: {"description": "Nothing has changed since the answer whose ETag If-None-Match names."},
    },
)
async def customer360(request: Request, asker: Asker, customer_id: CustomerId) -> Response:
    """All of a customer in one row. That it was read is written to the audit, an answer 304 as well."""
    return with_etag(request, await read(request, asker, "customer360", {"customer_id": customer_id}))


@router.get("/customer360", responses=documented(200, list[shapes.Customer], headers=NEXT))
async def list_customer360(
    request: Request,
    asker: Asker,
    customer_type: Annotated[word(*fields.CUSTOMER_TYPES) | None, Query(alias="customerType")] = None,
    lifecycle_stage: Annotated[word(*fields.LIFECYCLE_STAGES) | None, Query(alias="lifecycleStage")] = None,
    temperature: Annotated[word(*fields.TEMPERATURES) | None, Query()] = None,
    sort: Annotated[word(*fields.SORTS), Query(description="The highest, or latest, first.")] = "lifetime_value",
    limit: Annotated[whole_parameter(1, 500), Query()] = 50,
    offset: Annotated[
        whole_parameter(0, 2**31 - 1), Query(description="For deep pages use the next link instead.")
    ] = 0,
    after: After = None,
) -> Response:
    """A page of customers, those that the asker may see."""
    arguments = {
        "customer_type": customer_type,
        "lifecycle_stage": lifecycle_stage,
        "temperature": temperature,
        "sort": sort,
        "limit": limit,
        "offset": offset,
        "after": after,
    }
    return with_next(request, await read(request, asker, "list_customer360", arguments), limit, sort)


@router.get("/family-members/{customerId}", responses=documented(200, list[shapes.FamilyMember], 404))
async def family_members(request: Request, asker: Asker, customer_id: CustomerId) -> Response:
    """The family of a customer, as it was entered."""
    return Response(await read(request, asker, "family_members", {"customer_id": customer_id}), media_type=JSON)


@router.post("/family-member", **writes(201, shapes.FamilyMember))
async def add_family_member(
    request: Request, asker: Asker, body: Annotated[bodies.NewFamilyMember, Body()]
) -> Response:
    """Add a family member."""
    return await act(request, asker, "add_family_member", body.given())


@router.get("/interactions/{customerId}", responses=documented(200, list[shapes.Interaction], 404))
async def interactions(
    request: Request, asker: Asker, customer_id: CustomerId, limit: Annotated[whole_parameter(1, 1000), Query()] = 20
) -> Response:
    """The latest contacts with a customer, newest first."""
    arguments = {"customer_id": customer_id, "limit": limit}
    return Response(await read(request, asker, "interactions", arguments), media_type=JSON)


@router.post("/interaction", **writes(201, shapes.Interaction))
async def log_interaction(request: Request, asker: Asker, body: Annotated[bodies.NewInteraction, Body()]) -> Response:
    """Log a contact with a customer, now."""
    return await act(request, asker, "log_interaction", body.given())


@router.get("/behavior/{customerId}", responses=documented(200, shapes.Behavior, 404))
async def behavior(request: Request, asker: Asker, customer_id: CustomerId) -> Response:
    """How a customer buys; nulls and empty lists before the first order."""
    return Response(await read(request, asker, "behavior", {"customer_id": customer_id}), media_type=JSON)


@router.get("/dropoff", responses=documented(200, list[shapes.Dropoff], headers=NEXT))
async def dropoff(
    request: Request,
    asker: Asker,
    risk_level: Annotated[word(*fields.RISK_LEVELS) | None, Query(alias="riskLevel")] = None,
    limit: Annotated[whole_parameter(1, 500), Query()] = 50,
    after: After = None,
) -> Response:
    """Customers who fell silent, the latest lost first."""
    arguments = {"risk_level": risk_level, "limit": limit, "after": after}
    return with_next(request, await read(request, asker, "dropoff", arguments), limit, "last_active_date")


@router.get("/upcoming-events", responses=documented(200, list[shapes.Event]))
async def upcoming_events(
    request: Request, asker: Asker, days: Annotated[whole_parameter(0, 366), Query()] = 30
) -> Response:
    """Birthdays and anniversaries of customers and their families, the next first."""
    return Response(await read(request, asker, "upcoming_events", {"days": days}), media_type=JSON)
