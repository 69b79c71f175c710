"""Drawings of the rule base: what feeds a rule, a topic or all topics, and what they feed."""
