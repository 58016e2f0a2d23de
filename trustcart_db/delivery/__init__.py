"""Sends campaign messages: workers that claim them from the database, and the transports that hand them to providers.

The database decides what goes out, when, how often and how fast (trustcart.claim_messages, record_deliveries); here it
is only carried. `config` reads which transport serves which channel, `worker` does the work, `smtp`, `whatsapp`, `sms`
and `outbox` speak to providers.
"""
