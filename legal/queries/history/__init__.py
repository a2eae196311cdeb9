"""Report how the record changed: the log, differences, timelines and feeds."""
