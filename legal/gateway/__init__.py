"""Give every request what stands before the app: its id, its log line, its metrics and its rate limit."""
