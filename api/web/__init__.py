"""The pages: rendered here, moved along by htmx, the same services underneath as REST."""
