"""Read ICE's workbooks into rows."""
