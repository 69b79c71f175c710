"""What follows from rules by themselves: what can never hold, what follows from what, and applicants that show it."""
