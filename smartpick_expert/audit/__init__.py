"""What is kept of an advice, so that it can be explained and checked years later."""
