"""Rasa graph components: thin adapters over intake.conversation, named in config.yml."""
