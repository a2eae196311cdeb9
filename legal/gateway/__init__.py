"""What every request passes before the app: its id, its log line, its metrics and its rate limit."""
