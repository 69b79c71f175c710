"""Helps for people who write rules: cases and what runs them."""
