"""Electronic supervision: cards, and what is made of them."""
