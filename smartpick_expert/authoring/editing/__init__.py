"""Editing a workspace for an advisor: rules begun, renamed and retired, and everything that names them with them."""
