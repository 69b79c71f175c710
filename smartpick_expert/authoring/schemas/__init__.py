"""JSON Schemas of a workspace's files, made from its vocabulary and knowledge: an editor completes and checks by them.

A schema never refuses what the program takes; what it cannot see (names that must be bound, circles) is left to
`smartpick rules check`.
"""
