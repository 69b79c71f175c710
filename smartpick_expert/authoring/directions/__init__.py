"""Directions: what must never get worse when something gets better, declared in YAML and searched for on made-up pairs."""
