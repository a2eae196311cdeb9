"""The basis of every read: the snapshot, pagination, dates and what is in effect."""
