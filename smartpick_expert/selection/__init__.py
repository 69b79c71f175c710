"""The list: which programs to apply to and where to signal, so that the most interviews are to be expected for the money.

It knows programs only as candidates with a worth, and nothing of rules, profiles or how a list is worded.
"""
