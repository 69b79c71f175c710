"""Checks of rules: what they cite, what tries them, and what they are read with."""
