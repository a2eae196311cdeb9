"""Test the server for assistants with the official client."""
