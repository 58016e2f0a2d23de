"""The guide's HTTP API and its pages: a thin face of the database.

Each request is one call of one function of `trustcart_api`, as the user who asks. What may be seen and done, the
database decides.
"""
