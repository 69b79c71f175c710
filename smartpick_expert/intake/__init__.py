"""A profile read, checked and turned into facts."""
