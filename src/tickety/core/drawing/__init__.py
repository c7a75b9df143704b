"""A plan as people look at it: as lines of text, as a tree, and as a chart of Mermaid's."""
