"""Tests of the server that runs the app."""
