"""The clinical protocol and the clinic's settings: YAML in, checked and immutable objects out."""
