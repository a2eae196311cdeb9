"""How a command says no: its reasons and one clear line on standard error, and exit status 1."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click
from alembic.util import CommandError
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError

from legal.errors import InvalidInput, LandscapeError

P = ParamSpec("P")
T = TypeVar("T")
MOST_FAULTS = 20


def told(command: Callable[P, T]) -> Callable[P, T]:
    """Turn what the service refuses into a message for the operator, never into a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except LandscapeError as error:
            faults = error.faults if isinstance(error, InvalidInput) else ()
            for fault in faults[:MOST_FAULTS]:
                click.echo(f"  {fault.pointer}: {fault.detail}" if fault.pointer else f"  {fault.detail}", err=True)
            if len(faults) > MOST_FAULTS:
                click.echo(f"  … and {len(faults) - MOST_FAULTS} more", err=True)
            raise click.ClickException(str(error)) from error
        except CommandError as error:
            raise click.ClickException(f"The schema stays as it is: {error}.") from error
        except (DataError, IntegrityError) as error:
            raise click.ClickException(f"The database refuses this, and nothing of it was done: {_said(error)}") from error
        except DatabaseError as error:
            raise click.ClickException(
                f"The database cannot be used as it is: {_said(error)}. Is it running, has `flask db upgrade` been run, "
                "does no other command hold it, and is there room on its disk?"
            ) from error

    return run


def _said(error: DatabaseError) -> str:
    """The database's own words, which name no password; of several lines the first says what it is."""
    return str(error.orig).splitlines()[0].strip().rstrip(".")
