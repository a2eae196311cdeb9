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
            raise click.ClickException(
                f"The database refuses this, and nothing of it was done: {str(error.orig).splitlines()[0]}"
            ) from error
        except DatabaseError as error:
            raise click.ClickException(
                "The database cannot be used as it is; is it running, and has `flask db upgrade` been run?"
            ) from error

    return run
