"""Numbers on cases for programs."""
