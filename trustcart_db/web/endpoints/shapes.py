"""What the endpoints answer, for /openapi.json, with the guide's examples: first the guide's fields, which are always
there, then those that came to it. Answers are passed on as the database gives them; nothing is built from these.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

CustomerType = Literal["new", "repeat", "vip", "inactive"]
LifecycleStage = Literal["prospect", "new", "active", "at_risk", "churned"]
Temperature = Literal["hot", "warm", "cold"]
RiskLevel = Literal["low", "medium", "high", "critical"]
TaskStatus = Literal["pending", "completed", "skipped", "expired", "cancelled", "carried"]
CampaignStatus = Literal["active", "scheduled", "ended", "inactive"]
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
Instant = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


def _example(**example: object) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class Customer(BaseModel):
    """All of a customer in one row: customer_360_view."""

    model_config = _example(
        customer_id=1,
        first_name="John",
        last_name="Doe",
        email="john@example.com",
        customer_type="repeat",
        lifecycle_stage="active",
        customer_temperature="warm",
        lifetime_value=15000,
        total_orders=5,
        avg_order_value=3000,
        days_since_last_order=15,
        family_members_count=3,
        total_interactions=8,
    )

    customer_id: int
    first_name: str | None
    last_name: str | None
    email: str | None
    customer_type: Annotated[CustomerType | None, Field(description="Null before the first order.")]
    lifecycle_stage: LifecycleStage
    customer_temperature: Temperature
    lifetime_value: Annotated[float, Field(description="Sum of the counted orders, in taka.")]
    total_orders: int
    avg_order_value: Annotated[float | None, Field(description="In taka.")]
    days_since_last_order: int | None
    family_members_count: int
    total_interactions: int
    phone: str | None = None
    mobile: str | None = None
    last_order_date: Day | None = None
    first_order_date: Day | None = None
    next_order_expected_on: Day | None = None
    preferred_categories: list[str] | None = None
    avg_days_between_orders: int | None = None
    assigned_agent_id: int | None = None
    is_active: bool = True
    state_as_of: Annotated[Day | None, Field(description="The day that type, stage and temperature speak of.")] = None
    loyalty_tier: str | None = None


class FamilyMember(BaseModel):
    """A member of a customer's family."""

    model_config = _example(
        id=1, name="Jane Doe", relationship="spouse", date_of_birth="1995-03-15", phone="01700000001"
    )

    id: int
    name: str
    relationship: str
    date_of_birth: Day | None
    phone: str | None
    anniversary_date: Day | None = None
    address: str | None = None
    notes: str | None = None
    customer_id: int | None = None


class Interaction(BaseModel):
    """A contact with a customer."""

    model_config = _example(
        id=1,
        interaction_type="call",
        direction="outbound",
        subject="Follow-up on order",
        outcome="successful",
        agent_name="Agent 1",
        interaction_date="2025-12-15T10:30:00Z",
    )

    id: int
    interaction_type: Literal["call", "whatsapp", "sms", "email", "visit"]
    direction: Literal["inbound", "outbound"]
    subject: str | None
    outcome: str | None
    agent_name: str | None
    interaction_date: Instant
    customer_id: int | None = None
    details: str | None = None
    agent_id: int | None = None
    follow_up_date: Day | None = None


class Behavior(BaseModel):
    """How a customer buys."""

    model_config = _example(
        customer_id=1,
        avg_order_value=3000,
        preferred_categories=["Honey", "Organic Foods"],
        preferred_payment_method="bKash",
        avg_days_between_orders=25,
        peak_order_time="evening",
        has_abandoned_cart=False,
    )

    customer_id: int
    avg_order_value: Annotated[float | None, Field(description="In taka.")]
    preferred_categories: list[str]
    preferred_payment_method: str | None
    avg_days_between_orders: int | None
    peak_order_time: Literal["morning", "afternoon", "evening", "night"] | None
    has_abandoned_cart: bool
    cart_recovery_count: int = 0


class Dropoff(BaseModel):
    """A customer who fell silent."""

    model_config = _example(
        customer_id=10,
        name="Customer Name",
        last_active_date="2025-09-15",
        days_inactive=95,
        risk_level="high",
        lifetime_value=8000,
        recovery_attempted=True,
    )

    customer_id: int
    name: str | None
    last_active_date: Day
    days_inactive: int
    risk_level: RiskLevel
    lifetime_value: Annotated[float, Field(description="In taka.")]
    recovery_attempted: bool


class Event(BaseModel):
    """A birthday or anniversary to come, of a customer or of the family."""

    model_config = _example(
        customer_id=5,
        name="John Doe",
        email="john@example.com",
        event_type="birthday",
        event_date="2025-12-25",
        days_until=7,
    )

    customer_id: int
    name: str | None
    email: Annotated[str | None, Field(description="The customer's.")]
    event_type: str
    event_date: Day
    days_until: int
    phone: str | None = None
    family_member_id: int | None = None


class CallTask(BaseModel):
    """A call to make."""

    model_config = _example(
        id=1,
        customer_name="John Doe",
        customer_phone="01700000000",
        task_type="follow_up",
        priority="hot",
        notes="Customer showed interest in honey",
    )

    id: int
    customer_name: str | None
    customer_phone: str | None
    task_type: str
    priority: Temperature
    notes: str | None
    customer_id: int | None = None
    status: TaskStatus = "pending"
    task_date: Day | None = None
    first_planned_on: Day | None = None
    source: str | None = None
    due_at: Instant | None = None
    call_from: Instant | None = None
    call_until: Instant | None = None
    outcome: str | None = None
    reasons: list[dict] | None = None
    assigned_agent_id: int | None = None
    agent_name: str | None = None
    why_agent: str | None = None
    claimed_by: int | None = None
    attempts: int = 0
    customer_type: CustomerType | None = None
    lifetime_value: float | None = None
    last_order_date: Day | None = None


class UpdatedTask(BaseModel):
    """A call task after what was logged."""

    model_config = _example(
        id=1,
        customer_id=1,
        assigned_agent_id=5,
        task_type="follow_up",
        priority="hot",
        task_date="2025-12-19",
        status="completed",
        outcome="successful - placed order",
        notes="Customer ordered 2kg honey",
        follow_up_date=None,
        due_at=None,
        attempts=0,
        started_at=None,
        completed_at="2025-12-19T04:30:00Z",
    )

    id: int
    customer_id: int
    assigned_agent_id: int | None
    task_type: str
    priority: Temperature
    task_date: Day
    status: TaskStatus
    outcome: str | None
    notes: str | None
    follow_up_date: Day | None
    due_at: Instant | None
    attempts: int
    started_at: Instant | None
    completed_at: Instant | None


class GeneratedTasks(BaseModel):
    """The call list of a day, written."""

    model_config = _example(
        message="Generated 25 call tasks for 2025-12-19",
        breakdown={"new_customer": 5, "follow_up": 10, "at_risk": 8, "birthday": 2},
    )

    message: str
    breakdown: Annotated[dict[str, int], Field(description="Tasks written, by type.")]
    task_date: Day | None = None
    created: int | None = None
    already_there: int | None = None
    dropped: int | None = None
    no_capacity: int | None = None
    carried: int | None = None
    expired: int | None = None
    overtaken: int | None = None
    total: int | None = None


class Recommendation(BaseModel):
    """A product to offer a customer."""

    model_config = _example(
        product_id=10,
        product_name="Organic Honey 500g",
        recommended_price=450,
        discount_percentage=10,
        reason="Based on previous purchases",
    )

    product_id: int
    product_name: str
    recommended_price: Annotated[float | None, Field(description="After the discount, in taka.")]
    discount_percentage: float | None
    reason: str
    list_price: float | None = None
    source: str | None = None
    score: float | None = None
    evidence: dict | None = None


class Engagement(BaseModel):
    """An engagement with a customer."""

    model_config = _example(
        id=1,
        customer_id=1,
        engagement_type="offer_sent",
        channel="whatsapp",
        content="Special 15% discount on honey",
        response="positive",
        created_at="2025-12-19T04:30:00Z",
    )

    id: int
    customer_id: int
    engagement_type: str
    channel: str | None
    content: str | None
    response: Literal["positive", "negative", "no_response"] | None
    created_at: Instant


class Campaign(BaseModel):
    """A marketing campaign."""

    model_config = _example(
        id=1,
        campaign_name="Winter Sale 2025",
        campaign_type="whatsapp",
        target_segment="repeat",
        discount_code="WINTER25",
        start_date="2025-12-20",
        end_date="2025-12-31",
        sent_count=500,
        response_count=75,
    )

    id: int
    campaign_name: str
    campaign_type: Literal["sms", "email", "whatsapp", "push"]
    target_segment: str
    discount_code: str | None
    start_date: Day | None
    end_date: Day | None
    sent_count: int
    response_count: int
    status: CampaignStatus | None = None
    subject: str | None = None
    message_template: str | None = None
    is_active: bool = True
    is_scheduled: bool = False
    trigger_event: Literal["birthday", "at_risk", "cart_abandoned"] | None = None
    notice_days: int | None = None
    holdout_percentage: float = 0
    attribution_days: int | None = None
    frozen_at: Annotated[Instant | None, Field(description="When the audience was fixed.")] = None
    created_at: Instant | None = None


class SentCampaign(BaseModel):
    """A campaign whose audience is fixed and whose messages are queued."""

    model_config = _example(message="Campaign sent to 850 customers", sent_count=850, failed_count=0)

    message: str
    sent_count: Annotated[int, Field(description="Messages queued; 0 when it was sent before.")]
    failed_count: int
    campaign_id: int | None = None
    excluded_count: int | None = None
    exclusions: Annotated[dict[str, int] | None, Field(description="Customers left out, by reason.")] = None
    already_sent: bool | None = None


class AgentPerformance(BaseModel):
    """The figures of an agent for a period."""

    model_config = _example(
        agent_id=5,
        agent_name="Agent Name",
        total_tasks=120,
        completed_tasks=110,
        successful_calls=85,
        completion_rate=91.67,
        success_rate=77.27,
        avg_call_duration=8.5,
    )

    agent_id: int
    agent_name: str
    total_tasks: int
    completed_tasks: int
    successful_calls: int
    completion_rate: Annotated[float, Field(description="Completed of all tasks, percent.")]
    success_rate: Annotated[float, Field(description="Successful of completed ones, percent.")]
    avg_call_duration: Annotated[float | None, Field(description="Minutes; null when no call was started.")]
    total_interactions: int | None = None


class Problem(BaseModel):
    """What went wrong: RFC 9457."""

    model_config = _example(
        type="about:blank",
        title="Bad Request",
        status=400,
        detail="name is required",
        hint="A family member needs customerId, name and relationship.",
        code="TC003",
        field="name",
    )

    type: str
    title: str
    status: int
    detail: Annotated[str, Field(description="What is wrong.")]
    hint: Annotated[str | None, Field(description="What to do about it.")] = None
    code: Annotated[str | None, Field(description="SQLSTATE of the refusal: the README's table of errors.")] = None
    field: Annotated[str | None, Field(description="The one parameter or field that it is about.")] = None
