"""Explanations as data, and the words for values: what a conclusion rests on, what is unknown and what would settle it."""
