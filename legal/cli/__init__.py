"""Define the commands for operators. A command is imported when it is used, because a server that starts needs none of them."""

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

_COMMANDS = {
    "backup": ("backups", "backup_command"),
    "copy": ("backups", "copy_command"),
    "db": ("db", "group"),
    "doctor": ("backups", "doctor_command"),
    "documents": ("documents", "group"),
    "mirror": ("mirror.command", "mirror_command"),
    "restore": ("backups", "restore_command"),
    "rosters": ("rosters", "group"),
    "seed": ("seed", "command"),
    "seeds": ("seeds", "group"),
}
"""The commands by name, each with its module in this folder and the variable that has it."""


class LazyCommands(AppGroup):
    """The commands of the app: those that Flask and its extensions add, and those of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted([*super().list_commands(ctx), *_COMMANDS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, or None."""
        if cmd_name not in _COMMANDS:
            return super().get_command(ctx, cmd_name)
        module_name, variable = _COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"legal.cli.{module_name}"), variable)
        return command


def register(app: Flask) -> None:
    """Register the commands. They exit with status 0 for success, 1 for an error and 2 for wrong usage."""
    commands = LazyCommands(app.cli.name, commands=app.cli.commands)
    app.cli = commands
