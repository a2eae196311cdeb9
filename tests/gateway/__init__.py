"""Tests of what every request passes before the app."""
