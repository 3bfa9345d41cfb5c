"""Moments as they fit into the columns of a list; everything else is Django's German."""

DATETIME_FORMAT = "d.m.Y H:i"
