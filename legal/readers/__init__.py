"""Read outside files into plain values, without a database."""
