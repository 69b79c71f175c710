"""Checks of how the words of an advice read."""
