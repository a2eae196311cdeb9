"""Define ``flask seeds``: commands that help editors of seed files."""

from pathlib import Path

import click
import orjson

from legal.schemas.json_schema import seed_file_schema
from legal.schemas.seeds import SEED_FILE_SCHEMAS


@click.group("seeds")
def group() -> None:
    """Help editors of seed files."""


@group.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def schemas(folder: Path) -> None:
    """Write the JSON Schema of each kind of seed file into FOLDER, for text editors that complete and check YAML."""
    for kind, shape in SEED_FILE_SCHEMAS.items():
        path = folder / f"{kind}.schema.json"
        path.write_bytes(orjson.dumps(seed_file_schema(shape, f"Legal Landscape seed file: {kind}"), option=orjson.OPT_INDENT_2) + b"\n")
        click.echo(path)
