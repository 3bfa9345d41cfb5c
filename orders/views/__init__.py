"""The shop's pages from the cart on: checkout, orders, quick order, quotations."""
