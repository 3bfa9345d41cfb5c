"""Orders for programs: what would it cost, order, how far is it."""
