"""Outside files turned into plain rows; nothing here knows the database."""
