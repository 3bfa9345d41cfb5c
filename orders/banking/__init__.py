"""Statements of the bank, CAMT.053 (ISO 20022) and MT940 (SWIFT), as plain entries. No Django here.

Files of strangers: `orders.banking.door.read` runs in the jail.
"""
