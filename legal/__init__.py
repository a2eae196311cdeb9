"""Legal Landscape: each state's stance on section 287(g), tied to the passages it was read from."""
