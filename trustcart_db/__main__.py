"""`python -m trustcart_db` is the command `trustcart-db`."""

from trustcart_db.cli import main

main()
