"""The pages of the figures: all of them at a glance, and each with its history and its rows."""
