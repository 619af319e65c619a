"""Acceptance on trust: promised materials, commitments, and the record of who broke them."""
