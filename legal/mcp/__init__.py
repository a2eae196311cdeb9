"""Serve the record to assistants over the Model Context Protocol: tools and resources over the queries that the API uses."""
