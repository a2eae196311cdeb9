"""Define ``flask mirror``, which writes the newest revision as files that need no program to serve them."""
