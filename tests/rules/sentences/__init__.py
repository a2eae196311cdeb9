"""Test the rules that read sentences."""
