"""Read ICE's rosters, and the agreements and agencies that they name."""
