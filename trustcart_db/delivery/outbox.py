"""Posts each message to a webhook of the shop's own, signed: for push and any provider that has no transport here."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

from trustcart_db.delivery.config import Table
from trustcart_db.delivery.http import Exchange, at_path, check_url, failure_of, json_of
from trustcart_db.delivery.message import Message, Outcome


class OutboxTransport:
    """POST of JSON with `Idempotency-Key` and `X-TrustCart-Signature: t=<unix seconds>,v1=<hex>`: HMAC-SHA256, by the
    shared secret, of "<t>.<body>"."""

    def __init__(self, table: Table) -> None:
        self.concurrency = table.concurrency
        self._url = check_url(table.text("url"), f"{table.where} url")
        self._secret = table.secret("secret_env").encode()
        self._id_path = table.text("id_path", "id")
        self._exchange = Exchange(table.timeout, table.concurrency)

    def send(self, message: Message) -> Outcome:
        """Post it; any 2xx means that the receiver has it."""
        body = json.dumps(
            {
                "key": message.key,
                "attempt": message.attempt,
                "channel": message.channel,
                "address": message.address,
                "customer_id": message.customer_id,
                "campaign_id": message.campaign_id,
                "subject": message.subject,
                "body": message.body,
                "unsubscribe_url": message.unsubscribe_url,
            },
            ensure_ascii=False,
        ).encode()
        moment = str(int(time.time()))
        signature = hmac.new(self._secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
        response = self._exchange(
            message,
            "POST",
            self._url,
            content=body,
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": message.key,
                "X-TrustCart-Signature": f"t={moment},v1={signature}",
            },
        )
        if isinstance(response, Outcome):
            return response
        if response.is_success:
            provider_id = at_path(json_of(response), self._id_path)
            return Outcome("accepted", str(provider_id or message.key), str(response.status_code))
        return failure_of(response, "The webhook")

    def close(self) -> None:
        """The client is shared; it ends with the process."""
