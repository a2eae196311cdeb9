"""Services write to the record. Each runs in one transaction."""
