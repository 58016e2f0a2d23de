"""What the POST and PUT endpoints take, field by field, with the guide's examples."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from trustcart_db.web.endpoints import fields
from trustcart_db.web.endpoints.fields import Body, Day, Id, Line, Text, Word, whole


def _example(**example: object) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class NewFamilyMember(Body):
    """A family member to add."""

    model_config = _example(
        customerId=1,
        name="Jane Doe",
        relationship="spouse",
        dateOfBirth="1995-03-15",
        phone="01700000001",
        address="Dhaka, Bangladesh",
    )

    customer_id: Id
    name: Annotated[Line, Field(min_length=1)]
    relationship: Annotated[Word, Field(min_length=1, description="spouse, child, parent, sibling …")]
    date_of_birth: Day | None = None
    anniversary_date: Day | None = None
    phone: Annotated[Word | None, Field(description="As it is written; it is stored in E.164 besides.")] = None
    address: Text | None = None
    notes: Text | None = None


class NewInteraction(Body):
    """A contact with a customer, now."""

    model_config = _example(
        customerId=1,
        interactionType="call",
        direction="outbound",
        subject="Product inquiry",
        details="Customer asked about honey prices",
        outcome="successful",
        agentId=5,
        followUpDate="2025-12-20",
    )

    customer_id: Id
    interaction_type: fields.word(*fields.INTERACTION_TYPES)
    direction: Annotated[fields.word(*fields.DIRECTIONS) | None, Field(description="outbound unless given.")] = None
    subject: Line | None = None
    details: Text | None = None
    outcome: Annotated[
        Line | None, Field(description="Its first word counts: successful, no_answer, follow_up_needed …")
    ] = None
    agent_id: Annotated[Id | None, Field(description="Whoever asks, unless given.")] = None
    follow_up_date: Annotated[Day | None, Field(description="Today or later.")] = None


class TaskStatus(Body):
    """How a call went."""

    model_config = _example(status="completed", outcome="successful - placed order", notes="Customer ordered 2kg honey")

    status: Annotated[
        fields.word(*fields.NEW_TASK_STATUSES), Field(description="pending logs an attempt, or without outcome a note.")
    ]
    outcome: Annotated[Line | None, Field(description="Required to complete a call; its first word counts.")] = None
    notes: Text | None = None
    follow_up_date: Annotated[Day | None, Field(description="With completed: after today.")] = None
    due_at: Annotated[
        Word | None,
        Field(
            description="With an attempt: the hour agreed, YYYY-MM-DDTHH:MM, in the shop's time zone without offset."
        ),
    ] = None
    agent_id: Annotated[Id | None, Field(description="Who called; whoever asks, unless given.")] = None


class TaskDate(Body):
    """The day to plan."""

    model_config = _example(taskDate="2025-12-19")

    task_date: Annotated[Day | None, Field(description="Today, unless given.")] = None


class NewEngagement(Body):
    """An engagement with a customer, now."""

    model_config = _example(
        customerId=1,
        engagementType="offer_sent",
        channel="whatsapp",
        content="Special 15% discount on honey",
        response="positive",
    )

    customer_id: Id
    engagement_type: Annotated[Word, Field(description="One word: offer_sent, order_placed, birthday_message …")]
    channel: Annotated[Word | None, Field(description="One word: phone, whatsapp, sms, email, website …")] = None
    content: Text | None = None
    response: fields.word(*fields.RESPONSES) | None = None


class Variant(Body):
    """One of the texts of an A/B test."""

    variant: Annotated[str, Field(pattern="^[A-Za-z0-9_]{1,20}$", description="Its name.")]
    message_template: Annotated[Text, Field(min_length=1)]
    subject: Line | None = None
    weight: Annotated[whole(1, 999) | None, Field(description="Its share beside the others'; 1 unless given.")] = None


class NewCampaign(Body):
    """A campaign to make; nothing is sent yet."""

    model_config = _example(
        campaignName="Eid Special 2026",
        campaignType="whatsapp",
        targetSegment="all",
        messageTemplate="🎉 Eid Mubarak! Get 20% off on all products. Use code: EID20",
        discountCode="EID20",
        startDate="2026-03-30",
        endDate="2026-04-05",
    )

    campaign_name: Annotated[Line, Field(min_length=1)]
    campaign_type: fields.word(*fields.CHANNELS)
    target_segment: Annotated[Word, Field(description="all, new, repeat, vip, inactive, or a saved segment.")]
    message_template: Annotated[Text | None, Field(description="Required without variants.")] = None
    discount_code: Word | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    subject: Annotated[Line | None, Field(description="Of an e-mail.")] = None
    is_scheduled: Annotated[bool | None, Field(description="True: sent by itself on startDate.")] = None
    trigger_event: Annotated[
        fields.word(*fields.TRIGGER_EVENTS) | None, Field(description="Sent by itself to each such event.")
    ] = None
    notice_days: Annotated[whole(0, 365) | None, Field(description="So many days before a birthday.")] = None
    holdout_percentage: Annotated[
        fields.Percentage | None, Field(description="Share left out by chance, to compare with, in percent: 0 to 90.")
    ] = None
    attribution_days: whole(0, 365) | None = None
    variants: Annotated[list[Variant] | None, Field(max_length=20)] = None
    created_by: Annotated[Id | None, Field(description="Whoever asks, unless given.")] = None

    def given(self) -> dict[str, object]:
        """Its fields as arguments; the database reads variants in snake case, as it does all JSON of its own."""
        found = super().given()
        found.pop("variants", None)
        return {**found, "variants": [one.given() for one in self.variants]} if self.variants else found


class Nothing(Body):
    """No fields."""

    model_config = _example()
