"""Drawings: what each of them shows, chosen from one advice, and where its parts lie. The shapes are templates."""
