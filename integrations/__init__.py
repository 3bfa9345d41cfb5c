"""Adapters to the systems outside."""
