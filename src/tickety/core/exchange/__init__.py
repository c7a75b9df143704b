"""Tickets on their way in and out: the dialects that are understood, one a module, and what becomes of a ticket.

A dialect reads one record of another tool into a ``sheet.Sheet``: our words as far as there are any, and the rest as it
was. ``arrival`` makes a ticket of it. ``own`` reads what ``tickety export`` wrote, ``log`` a log of events.
"""
