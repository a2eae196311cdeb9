"""Interpret the law as pure functions: dates, effect periods, figures, conflicts, knowledge and posture."""
