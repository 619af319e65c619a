"""Re-engineering on paper: operations on a procedure's network, their effect, the cheapest set."""
