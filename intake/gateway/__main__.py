"""`python -m intake.gateway`."""

from intake.gateway.app import main

main()
