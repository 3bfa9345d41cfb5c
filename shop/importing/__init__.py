"""Catalogues as files: what stands in a table, and what its cells mean. No Django here."""
