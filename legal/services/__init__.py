"""Services write to the record; each runs in one transaction that commits completely or not at all."""
