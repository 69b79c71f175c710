"""The command line: one file a command group; reads options, calls one function, prints."""
