"""The gunicorn worker that serves the app: no client that is slow to send or to read holds a thread."""
