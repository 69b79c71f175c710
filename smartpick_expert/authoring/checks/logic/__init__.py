"""Checks of what follows from rules by themselves, each with a made-up applicant that shows it."""
