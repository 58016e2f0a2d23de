"""The command families: one module each, thin click functions in a tuple COMMANDS, assembled by trustcart_db.cli.

A command gets the value of `--database-url` as its context object and passes it to `connection.resolve`.
"""
