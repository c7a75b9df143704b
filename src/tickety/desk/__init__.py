"""What the PM does: the use cases, one file a noun, over the ports."""
