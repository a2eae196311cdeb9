"""Define the commands for operators."""

from flask import Flask

from legal.cli import backups, db, documents, rosters, seed, seeds
from legal.cli.mirror.command import mirror_command


def register(app: Flask) -> None:
    """Register the commands. They exit with status 0 for success, 1 for an error and 2 for wrong usage."""
    for command in (backups.backup_command, backups.restore_command, backups.copy_command, backups.doctor_command, mirror_command):
        app.cli.add_command(command)
    app.cli.add_command(db.group)
    app.cli.add_command(documents.group)
    app.cli.add_command(rosters.group)
    app.cli.add_command(seed.command)
    app.cli.add_command(seeds.group)
