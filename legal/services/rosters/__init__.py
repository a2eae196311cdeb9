"""Import ICE's rosters: one workbook, one transaction."""
