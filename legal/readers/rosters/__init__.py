"""Read ICE's workbooks into plain rows."""
