"""Chances of an interview: base rates of programs for a kind of applicant, as ranges, and how well they are predicted."""
