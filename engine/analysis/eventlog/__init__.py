"""Event logs: what happened, case by case, as columns. Read from and written to XES and CSV."""
