"""Define the endpoints, one module per resource: each view runs one query with its parsed parameters and returns the result."""
