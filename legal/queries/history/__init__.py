"""Read what changed: the log, differences, timelines and feeds."""
