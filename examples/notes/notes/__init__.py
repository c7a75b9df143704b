"""Short notes, kept in one JSON file."""

__version__ = "0.4.0"
