"""Adoption: an ERP's own tables, which ours follow within the ERP's transactions.

`mapping` reads the file, `host` holds it against the database, `render` writes the SQL, `install` puts it on and off,
`backfill` brings the past over, `compare` checks both sides and repairs.
"""
