"""The command line: it parses, calls the desk, and renders. No rules here."""
