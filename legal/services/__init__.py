"""What changes the record: each act is one transaction, whole or not at all."""
