"""Endpoints, one module per noun: each view reads its parameters, asks one query and returns the answer."""
