"""Agents that work by rule: no model, no network, the same answer each time."""
