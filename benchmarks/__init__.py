"""Measure speed as ratios within one run, because seconds vary from machine to machine."""
