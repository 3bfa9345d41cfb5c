"""Which invoices a payment pays, and why: rows in, proposals out. No Django here."""
