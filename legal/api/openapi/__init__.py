"""Build the OpenAPI description and its examples."""
