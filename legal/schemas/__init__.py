"""The shapes that cross the boundary: what HTTP and seed files bring in, and what goes out."""
