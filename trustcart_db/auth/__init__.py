"""Who is asking: passwords, checked here because the database never sees one, and the tokens that follow a sign-in.

What a user may do is decided by the database alone: see trustcart.act_as.
"""
