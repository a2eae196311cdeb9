"""The parts that all queries use: the snapshot, pagination, dates, and whether a measure is in effect."""
