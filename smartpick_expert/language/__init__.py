"""What a rule file says: text to nodes, the vocabulary, the operators, the engine-neutral model, the loader and its checks."""
