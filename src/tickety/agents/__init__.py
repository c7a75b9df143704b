"""Who does the work of a step: agents of our own that need no model, and any command."""
