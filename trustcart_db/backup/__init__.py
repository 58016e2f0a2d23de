"""Backup and restore of our three schemas: a custom-format dump of one snapshot, a manifest of what is in it, and the
comparison of both with a database.

`take` writes them, `restore` brings one back, `compare` says how a database differs from one. Only pg_dump and
pg_restore know the dump's format (`archive`); `inventory` counts and checks what a database holds.
"""
