"""E-invoices and e-orders: CII, UBL, ZUGFeRD 1 and Order-X, as XML or inside a PDF. Runs in the jail.

Each syntax is read into one shape, the terms of EN 16931 (`terms`), on which the checks work.
"""
