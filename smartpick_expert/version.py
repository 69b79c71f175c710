"""The version of this program, in a module of its own: asking an installed package's metadata takes longer than advising."""

VERSION = "0.1.0"
