"""Numbers that open their rows. Reads everything, is read by nobody."""
