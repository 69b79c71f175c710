"""Checks of claims, evidence, parameters and actions."""
