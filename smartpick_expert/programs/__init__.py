"""Catalogues of programs: read, kept fresh, and screened by rules for one applicant."""
