"""Rules for ICE's rosters: admission, normalization, dates, links, counties, renames and figure checks."""
