"""What advised actions would change, proved by running the rules again."""
