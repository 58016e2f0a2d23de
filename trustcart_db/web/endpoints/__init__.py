"""The guide's 18 endpoints: one module for each of its base URLs."""
