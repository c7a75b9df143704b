"""Files that tickets come from and go to: read within limits, written whole or not at all."""
