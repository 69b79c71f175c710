"""A workspace of one's own: made from what is shipped, and laid beside a later release."""
