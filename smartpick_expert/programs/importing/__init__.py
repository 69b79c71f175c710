"""Tables of programs from elsewhere, made into catalogues: nothing is guessed silently, and no person's name is taken over."""
