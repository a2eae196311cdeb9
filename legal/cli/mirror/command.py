"""Define the command ``flask mirror``."""

from functools import partial
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from werkzeug.test import Client, TestResponse

from legal.cli.errors import report_errors
from legal.cli.mirror.crawl import Crawl, crawl_service
from legal.cli.mirror.files import write_mirror
from legal.cli.mirror.links import UNMIRRORED_PATH, LinkRewriter
from legal.errors import NotReady, RefusedOperation

_TRIES = 3
_EXPLANATION = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Not in this mirror</title></head>
<body>
<h1>Not in this mirror</h1>
<p>These pages are a copy, as files, of revision {revision} of the record. Files cannot search, and they do not show other days or
earlier revisions. <a href="/">Go to the front page</a>, or ask the publisher of this copy where the service itself is.</p>
</body>
</html>
"""


@click.command("mirror")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--service", default="", help="The address of a running service, for links that files cannot answer: searches, other days, permalinks."
)
@with_appcontext
@report_errors
def mirror_command(folder: Path, service: str) -> None:
    """Write every page, answer, feed and export of the newest revision to FOLDER, as files for a plain file server.

    PUBLIC_URL is the address at which the files will be served. A second run writes only what differs and deletes what
    is no longer there.
    """
    base = str(current_app.config["PUBLIC_URL"])
    crawl = _crawl_one_revision(base)
    rewriter = LinkRewriter(crawl, base, service.rstrip("/"))
    files = {answer.file: (answer.headers, rewriter.rewrite(answer)) for answer in crawl.answers.values()}
    if not service:
        files[UNMIRRORED_PATH] = ({**crawl.answers["/"].headers}, _EXPLANATION.format(revision=crawl.revision).encode())
    result = write_mirror(folder, files, {"revision": int(crawl.revision), "public_url": base, "service": service or None})
    click.echo(
        f"Revision {crawl.revision} in {folder}: {result.written_count} files written, {result.unchanged_count} unchanged, {result.deleted_count} deleted."
    )


def _crawl_one_revision(base: str) -> Crawl:
    # The limits, the log and the cache in front of the app are for its clients.
    client = Client(partial(Flask.wsgi_app, current_app), TestResponse)

    def fetch(address: str) -> TestResponse:
        return client.get(address, buffered=True, headers={"Cache-Control": "no-cache"})

    for _ in range(_TRIES):
        try:
            return crawl_service(fetch, base)
        except NotReady as error:
            reason = error
    raise RefusedOperation(f"{reason} Nothing was written.")
