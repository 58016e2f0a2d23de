"""The six pages, and signing in: one module a page, each with its router."""
