"""The only place that names concrete classes: it puts a memory, or a whole desk, together."""
