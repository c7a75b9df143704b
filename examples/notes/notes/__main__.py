"""`python3 -m notes` is the same as `notes`."""

import sys

from notes.cli import main

sys.exit(main())
