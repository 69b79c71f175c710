"""The list: which programs to apply to, with which signal and which letters, and why the others were left out."""
