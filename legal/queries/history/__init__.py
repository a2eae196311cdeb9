"""Report changes: the log of changes, comparisons of two snapshots, timelines and feeds."""
