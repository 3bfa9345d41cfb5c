"""What every API of the house has in common: nothing for nobody, JSON only, problems in one shape."""
