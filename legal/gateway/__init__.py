"""Wrap the app in middleware that gives each request an id, a log line, metrics and a rate limit."""
