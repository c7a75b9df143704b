"""What the program says about itself."""

import platform

from notes import __version__


def version_line():
    """The version, with what a bug report needs to know: ``notes 0.4.0 (Python 3.12.1, Linux)``."""
    return f"notes {__version__} (Python {platform.python_version()}, {platform.system()})"
