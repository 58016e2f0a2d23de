"""/crm-automation: customer relationship management."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request
from starlette.responses import Response

from trustcart_db.web.endpoints import bodies, fields, shapes
from trustcart_db.web.endpoints.fields import Day, IdParameter, whole_parameter, word
from trustcart_db.web.endpoints.routing import JSON, Asker, Endpoint, act, documented, read, writes

router = APIRouter(prefix="/crm-automation", tags=["CRM"], route_class=Endpoint)


@router.get("/call-tasks/today", responses=documented(200, list[shapes.CallTask], 404))
async def call_tasks_today(
    request: Request,
    asker: Asker,
    agent_id: Annotated[IdParameter | None, Query(alias="agentId", description="Of all, unless given.")] = None,
    date: Annotated[Day | None, Query(description="Today, unless given.")] = None,
    status: Annotated[word(*fields.TASK_STATUSES), Query()] = "pending",
) -> Response:
    """The call list: hot, warm, cold, each in the order in which the calls are to be made."""
    arguments = {"agent_id": agent_id, "date": date, "status": status}
    return Response(await read(request, asker, "call_tasks_today", arguments), media_type=JSON)


@router.put("/call-task/{taskId}/status", **writes(200, shapes.UpdatedTask))
async def update_call_task_status(
    request: Request,
    asker: Asker,
    task_id: Annotated[IdParameter, Path(alias="taskId", description="The id of a call task.")],
    body: Annotated[bodies.TaskStatus, Body()],
) -> Response:
    """Complete a call (the interaction is written along), skip it, or log an attempt."""
    return await act(request, asker, "update_call_task_status", {"task_id": task_id, **body.given()}, status=200)


@router.post("/generate-call-tasks", **writes(201, shapes.GeneratedTasks))
async def generate_call_tasks(
    request: Request, asker: Asker, body: Annotated[bodies.TaskDate | None, Body()] = None
) -> Response:
    """Write the call list of a day; run again, it writes only what is missing. For managers."""
    return await act(request, asker, "generate_call_tasks", body.given() if body else {})


@router.get("/recommendations/{customerId}", responses=documented(200, list[shapes.Recommendation], 404))
async def recommendations(
    request: Request,
    asker: Asker,
    customer_id: Annotated[IdParameter, Path(alias="customerId", description="The id of a customer.")],
    limit: Annotated[whole_parameter(1, 100), Query()] = 10,
) -> Response:
    """Products to offer a customer, best first, with the reason to say."""
    arguments = {"customer_id": customer_id, "limit": limit}
    return Response(await read(request, asker, "recommendations", arguments), media_type=JSON)


@router.post("/engagement", **writes(201, shapes.Engagement))
async def log_engagement(request: Request, asker: Asker, body: Annotated[bodies.NewEngagement, Body()]) -> Response:
    """Log an engagement with a customer, now."""
    return await act(request, asker, "log_engagement", body.given())


@router.get("/campaigns", responses=documented(200, list[shapes.Campaign]))
async def campaigns(
    request: Request, asker: Asker, status: Annotated[word(*fields.CAMPAIGN_STATUSES), Query()] = "all"
) -> Response:
    """Marketing campaigns, the latest first."""
    return Response(await read(request, asker, "campaigns", {"status": status}), media_type=JSON)


@router.post("/campaign", **writes(201, shapes.Campaign))
async def create_campaign(request: Request, asker: Asker, body: Annotated[bodies.NewCampaign, Body()]) -> Response:
    """Make a campaign; nothing is sent before its audience is fixed. For managers."""
    return await act(request, asker, "create_campaign", body.given())


@router.post("/campaign/{campaignId}/send", **writes(201, shapes.SentCampaign))
async def send_campaign(
    request: Request,
    asker: Asker,
    campaign_id: Annotated[IdParameter, Path(alias="campaignId", description="The id of a campaign.")],
    body: Annotated[bodies.Nothing | None, Body()] = None,
) -> Response:
    """Fix a campaign's audience and queue its messages; again, it adds nobody. For managers."""
    return await act(request, asker, "send_campaign", {"campaign_id": campaign_id})


@router.get(
    "/agent-performance", responses=documented(200, shapes.AgentPerformance | list[shapes.AgentPerformance], 404)
)
async def agent_performance(
    request: Request,
    asker: Asker,
    agent_id: Annotated[
        IdParameter | None,
        Query(alias="agentId", description="Unless given: an array of all, the most successful first."),
    ] = None,
    start_date: Annotated[
        Day | None, Query(alias="startDate", description="The first of endDate's month, unless given.")
    ] = None,
    end_date: Annotated[Day | None, Query(alias="endDate", description="Today, unless given.")] = None,
) -> Response:
    """The figures of an agent, or of all, for the tasks dated from startDate to endDate."""
    arguments = {"agent_id": agent_id, "start_date": start_date, "end_date": end_date}
    return Response(await read(request, asker, "agent_performance", arguments), media_type=JSON)
