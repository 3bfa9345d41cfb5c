"""The business overview: how the house does in a time, against the time of the same length before."""
