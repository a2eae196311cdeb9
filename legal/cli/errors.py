"""Report errors of commands: print details and a one-line summary on standard error, and exit with status 1."""

import functools
import sqlite3
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click
from alembic.util import CommandError
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError

from legal.errors import InvalidInput, LandscapeError

P = ParamSpec("P")
T = TypeVar("T")
_MAX_FAULTS_PRINTED = 20
_READ_ONLY = "25006"
"""PostgreSQL's code of the error that a transaction may only read."""


def report_errors(command: Callable[P, T]) -> Callable[P, T]:
    """Decorate a command to print errors of the service and the database as messages instead of tracebacks."""

    @functools.wraps(command)
    def run_reporting_errors(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except LandscapeError as error:
            faults = error.faults if isinstance(error, InvalidInput) else ()
            for fault in faults[:_MAX_FAULTS_PRINTED]:
                click.echo(f"  {fault.pointer}: {fault.detail}" if fault.pointer else f"  {fault.detail}", err=True)
            if len(faults) > _MAX_FAULTS_PRINTED:
                click.echo(f"  … and {len(faults) - _MAX_FAULTS_PRINTED} more", err=True)
            raise click.ClickException(str(error)) from error
        except CommandError as error:
            raise click.ClickException(f"The schema was not changed: {error}.") from error
        except (DataError, IntegrityError) as error:
            raise click.ClickException(f"The database rejected the data, and nothing was written: {_driver_message(error)}.") from error
        except (OSError, sqlite3.Error) as error:
            raise click.ClickException(f"A file cannot be read or written: {error}.") from error
        except DatabaseError as error:
            if getattr(error.orig, "sqlstate", None) == _READ_ONLY:
                raise click.ClickException(
                    "DATABASE_URL leads to a server that only reads, such as a replica; nothing was written. Set it to the primary."
                ) from error
            raise click.ClickException(
                f"The database cannot be used: {_driver_message(error)}. Check that it is running, that `flask db upgrade` has been run, "
                "that no other command is using it, and that its disk has free space."
            ) from error

    return run_reporting_errors


def _driver_message(error: DatabaseError) -> str:
    """Return the first line of the driver's message, which says what is wrong and contains no password."""
    return str(error.orig).splitlines()[0].strip().rstrip(".")
