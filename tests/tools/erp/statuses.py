"""The ERP's order statuses, and what each of them is with us: said a second time, apart from the mapping."""

from __future__ import annotations

#: Ours by theirs; None: not an order.
MEANING = {
    "draft": None,
    "new": "pending",
    "pending": "pending",
    "on_hold": "pending",
    "awaiting_payment": "pending",
    "confirmed": "confirmed",
    "payment_received": "confirmed",
    "approved": "approved",
    "processing": "processing",
    "packed": "packed",
    "ready_to_ship": "packed",
    "shipped": "shipped",
    "in_transit": "in_transit",
    "out_for_delivery": "in_transit",
    "partially_delivered": "delivered",
    "delivered": "delivered",
    "completed": "completed",
    "cancelled": "cancelled",
    "returned": "returned",
    "refunded": "refunded",
    "failed_delivery": "failed",
}
STATUSES = tuple(MEANING)
