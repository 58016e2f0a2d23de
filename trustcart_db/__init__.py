"""TrustCart DB: customer data (CDM) and call work (CRM) for an ERP. Postgres decides; this package carries."""

# The one home of the version: pyproject.toml, `trustcart-db --version` and migrate's version check read it here.
__version__ = "0.2.0"
