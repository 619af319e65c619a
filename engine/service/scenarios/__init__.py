"""Scenarios: a procedure changed on paper, looked at, proposed, and deployed by a second person.

The base is a deployed version and stays as it is: what a scenario stands on changes only where
somebody rebases it. The mathematics are in `engine/analysis/reengineering/`.
"""
