"""Speaks to operators: every command, gathered here."""

from flask import Flask

from legal.cli import db, documents, rosters, seed


def register(app: Flask) -> None:
    """Put the commands on the app: each ends with status 0 when done, 1 when refused, 2 for wrong usage."""
    app.cli.add_command(db.group)
    app.cli.add_command(documents.group)
    app.cli.add_command(rosters.group)
    app.cli.add_command(seed.command)
