"""``flask mcp``: serve the record to assistants over stdio or HTTP."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

_DEFAULT_PORT = 8001


def register(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(command)


@click.command("mcp")
@click.option(
    "--http",
    "address",
    metavar="HOST:PORT",
    help=f"Serve over streamable HTTP at http://HOST:PORT/mcp instead of stdio. PORT defaults to {_DEFAULT_PORT}.",
)
@with_appcontext
def command(address: str | None) -> None:
    """Serve the record to assistants over the Model Context Protocol.

    Without options, it speaks over standard input and output, as desktop assistants expect. It only reads.
    """
    from legal.mcp.server import create_server  # noqa: PLC0415 - the SDK takes a second to import, which no other command should wait for

    server = create_server(current_app.extensions["database"], current_app.config["PUBLIC_URL"])
    if address is None:
        server.run("stdio")
        return
    host, port = parse_address(address)
    shown_host = f"[{host}]" if ":" in host else host
    click.echo(f"Serving assistants at http://{shown_host}:{port}/mcp", err=True)
    try:
        server.run("streamable-http", host=host, port=port, stateless_http=True, json_response=True)
    except SystemExit as error:  # uvicorn has printed why it cannot start
        raise click.ClickException(f"Cannot listen at {shown_host}:{port}.") from error


def parse_address(address: str) -> tuple[str, int]:
    """Return the host and the port of an address such as ``127.0.0.1:8001``, ``[::1]:8001`` or ``localhost``.

    Raises:
        click.BadParameter: the port is not a number from 1 to 65535.
    """
    host, separator, port_text = address.rpartition(":")
    if not separator or address.endswith("]"):
        host, port_text = address, str(_DEFAULT_PORT)
    if not (port_text.isascii() and port_text.isdigit() and 1 <= int(port_text[:6]) <= 65535):  # noqa: PLR2004 - the highest port
        raise click.BadParameter(f"{address!r} is not HOST:PORT.", param_hint="--http")
    return host.strip("[]"), int(port_text)
