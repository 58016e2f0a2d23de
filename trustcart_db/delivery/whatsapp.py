"""WhatsApp, by the Cloud API of Meta: text, or a template, which a message the customer did not ask for needs."""

from __future__ import annotations

from trustcart_db.delivery.config import Table
from trustcart_db.delivery.http import Exchange, at_path, check_url, failure_of, json_of, retry_after_of
from trustcart_db.delivery.message import NO_NUMBER, ChannelError, Message, Outcome, is_number, masked
from trustcart_db.errors import UsageError

# Codes of the API, https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
_TEMPORARY = {1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004, 133016}
_OF_THE_CHANNEL = {
    **dict.fromkeys((0, 3, 10, 190, 131005, *range(200, 300)), "the token lacks a right or is no longer valid"),
    **dict.fromkeys((33, 368, 131031, 131042, 131045), "the account or its number is locked, unpaid or gone"),
    **dict.fromkeys((132000, 132001, 132005, 132007, 132012, 132015, 132016), "the template does not fit"),
}
_MODES = ("body", "subject_and_body", "none")


class WhatsAppTransport:
    """POST {base_url}/{version}/{phone_number_id}/messages with a bearer token."""

    def __init__(self, table: Table) -> None:
        self.concurrency = table.concurrency
        base_url = check_url(table.text("base_url", "https://graph.facebook.com"), f"{table.where} base_url")
        number = table.text("phone_number_id")
        self._url = f"{base_url.rstrip('/')}/{table.text('version')}/{number}/messages"
        self._headers = {"Authorization": f"Bearer {table.secret('token_env')}"}
        template = table.table("template")
        self._template = None
        if template is not None:
            self._template = {"name": template.text("name"), "language": {"code": template.text("language")}}
            self._mode = template.text("parameters", "body")
            if self._mode not in _MODES:
                raise UsageError(
                    f"{template.where}: parameters = {self._mode!r} is unknown.", f"Known: {', '.join(_MODES)}."
                )
            template.check_all_used()
        self._exchange = Exchange(table.timeout, table.concurrency)

    def send(self, message: Message) -> Outcome:
        """Send it; its id there is the wamid."""
        if not is_number(message.address):
            return NO_NUMBER
        request: dict[str, object] = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": message.address.lstrip("+"),
            # Comes back with the receipts.
            "biz_opaque_callback_data": message.key,
        }
        if self._template is None:
            request |= {"type": "text", "text": {"preview_url": False, "body": message.body}}
        else:
            request |= {"type": "template", "template": {**self._template, **self._components(message)}}
        headers = {**self._headers, "Idempotency-Key": message.key}
        response = self._exchange(message, "POST", self._url, json=request, headers=headers)
        if isinstance(response, Outcome):
            return response
        answer = json_of(response)
        if response.is_success:
            wamid = at_path(answer, "messages.0.id")
            if wamid:
                return Outcome("accepted", str(wamid), str(response.status_code))
            return Outcome("temporary", None, str(response.status_code), "the answer names no message")
        code = at_path(answer, "error.code")
        error = masked(at_path(answer, "error.message") or "", message) or None
        if isinstance(code, int):
            status = f"{response.status_code}/{code}"
            if code in _TEMPORARY:
                return Outcome("temporary", None, status, error, retry_after_of(response))
            if code in _OF_THE_CHANNEL:
                raise ChannelError(f"WhatsApp answers {status}: {_OF_THE_CHANNEL[code]}.", error)
            return failure_of(response, "WhatsApp", error)._replace(status=status)
        return failure_of(response, "WhatsApp", error)

    def _components(self, message: Message) -> dict[str, object]:
        """The template's parameters. They may not hold line breaks, tabs, or many spaces in a row."""
        if self._mode == "subject_and_body" and not message.subject:
            raise ChannelError(
                f"Campaign {message.campaign_id} has no subject, which the WhatsApp template shows.",
                'Give it one: marketing_campaigns.subject. Or use a template with parameters = "body".',
            )
        texts = {
            "none": [],
            "body": [message.body],
            "subject_and_body": [message.subject, message.body],
        }[self._mode]
        if not texts:
            return {}
        parameters = [{"type": "text", "text": " ".join(text.split())} for text in texts]
        return {"components": [{"type": "body", "parameters": parameters}]}

    def close(self) -> None:
        """The client is shared; it ends with the process."""
