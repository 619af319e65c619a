"""Event logs: brought in from files or taken from the city's own history, and measured."""
