"""Define the endpoints, one module per resource: each view parses its parameters, runs one query and returns the result."""
