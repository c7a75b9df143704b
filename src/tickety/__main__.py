"""``python -m tickety``."""

from tickety.cli.main import main

main()
