"""The command line: it parses, calls the desk, and renders. No rules here."""

import gc

# A command is over before garbage matters; collecting it while modules load costs a tenth of a short command's CPU.
gc.set_threshold(100_000)
