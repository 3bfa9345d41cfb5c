"""Documents of ours as files: letters by DIN 5008, and the data inside invoices. No Django here."""
