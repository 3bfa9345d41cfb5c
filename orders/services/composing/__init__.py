"""Rows become letters: one module for each kind of document, texts in the language of its reader."""
