"""Marshmallow schemas of the JSON that the API returns and of the seed files that the service reads."""
