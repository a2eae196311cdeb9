"""Define ``flask seeds``: commands that help editors of seed files."""

from pathlib import Path

import click
import orjson

from legal.cli.errors import report_errors
from legal.readers.shapes import convert_census_shapes
from legal.schemas.json_schema import seed_file_schema
from legal.schemas.seeds import SEED_FILE_SCHEMAS
from legal.settings import SEEDS_FOLDER


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


@group.command()
@click.argument("topology", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), default=SEEDS_FOLDER / "shapes.json", show_default="seeds/shapes.json"
)
@report_errors
def shapes(topology: Path, output: Path) -> None:
    """Convert TOPOLOGY, the file states-10m.json of the npm package us-atlas, to the simplified outlines that maps use."""
    collection = convert_census_shapes(topology)
    # One line per jurisdiction, so that a difference shows which outline has changed.
    features = ",\n".join(orjson.dumps(feature).decode() for feature in collection.pop("features"))
    head = orjson.dumps(collection).decode().removesuffix("}")
    output.write_text(f'{head},"features":[\n{features}\n]}}\n', encoding="utf-8")
    click.echo(output)
