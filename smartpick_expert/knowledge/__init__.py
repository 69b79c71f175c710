"""What is known apart from rules: claims, evidence, dated parameters, actions, programs."""
