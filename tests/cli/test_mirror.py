"""``flask mirror``: every page, answer, feed and export as files for a plain file server."""

import html
import re
import resource
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from legal.cli.mirror.addresses import file_address, file_name, is_answerable
from legal.cli.mirror.crawl import Crawl, MirroredAnswer, crawl_service, to_address
from legal.cli.mirror.files import write_mirror
from legal.cli.mirror.links import LinkRewriter
from legal.db.engine import Database
from legal.errors import NotReady, RefusedOperation
from tests.api.factories import database_url, publish_edited_title
from tests.conftest import make_app, open_app

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py compares the answers of both databases

BASE = "http://127.0.0.1:8000"
PIN = "as_of=2026-11-25&revision=1&rules=2&epoch=4f1c09d2ab"


@pytest.fixture(scope="module")
def mirror_folder(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mirror of the seeded record."""
    folder = tmp_path_factory.mktemp("mirror") / "files"
    result = app.test_cli_runner().invoke(args=["mirror", str(folder)])
    assert (result.exit_code, result.stdout.startswith(f"Revision 1 in {folder}: ")) == (0, True), result.output
    return folder


@pytest.fixture(scope="module")
def file_server(mirror_folder: Path) -> Iterator[str]:
    """The address of Python's own file server on the mirror."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(mirror_folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603 - Python's own server
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def fetch_file(url: str) -> tuple[int, str, bytes]:
    """Return the status, the media type and the body of what a file server sends."""
    try:
        with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310 - our own server
            return response.status, response.headers.get_content_type(), response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, "", b""


def links_of(media_type: str, body: bytes) -> list[str]:
    """Return the links of a file to others of the mirror."""
    if media_type == "text/html":
        links = [html.unescape(link) for link in re.findall(r'\b(?:href|src|action)="([^"]*)"', body.decode())]
    elif media_type == "application/json":
        links = re.findall(r'"(/[\w/.~=,-]*(?:\.(?:json|csv|atom|zip|sqlite|geojson)|/))"', body.decode())
    else:
        return []
    return [address for link in links if (address := to_address(link, BASE)) is not None]


def test_no_link_from_the_front_page_is_dead(file_server: str, mirror_folder: Path) -> None:
    waiting, seen, dead = ["/", "/v1.json", "/v1/jurisdictions.json"], set(), []
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        if address == "/openapi.json":  # it describes the service
            continue
        status, media_type, body = fetch_file(f"{file_server}{address}")
        if status != 200:
            dead.append(address)
        waiting += links_of(media_type, body)
    assert dead == []
    assert [address for address in seen if "?" in address] == []
    pages = {path.parent.relative_to(mirror_folder).as_posix() for path in mirror_folder.rglob("index.html")}
    reached = {address.strip("/") or "." for address in seen}
    assert {page for page in pages if page.startswith(("states/", "measures/", "documents/", "figures/"))} <= reached
    assert len(pages) > 150


def test_files_have_the_answers_of_the_service(mirror_folder: Path, app: Flask) -> None:
    client = app.test_client()
    for name, path in {
        "v1/map.csv": "/v1/map.csv",
        "pictures/map.svg": "/pictures/map.svg",
        "v1/measures.csv": "/v1/measures?format=csv",
    }.items():
        assert (mirror_folder / name).read_bytes() == client.get(path).data
    card = orjson.loads((mirror_folder / "v1/jurisdictions/VA.json").read_bytes())
    served = client.get("/v1/jurisdictions/VA").json
    assert {key: card[key] for key in ("posture", "meta", "headline")} == {key: served[key] for key in ("posture", "meta", "headline")}
    assert card["links"]["self"] == "/v1/jurisdictions/VA.json"
    assert card["links"]["html"] == "/states/virginia/"
    assert card["links"]["permalink"] == "/not-in-this-mirror/"
    assert (mirror_folder / "v1/export/landscape.zip").read_bytes().startswith(b"PK")


def test_pages_of_a_list_are_chained(mirror_folder: Path) -> None:
    ids: list[str] = []
    name = "v1/changes.json"
    while name:
        body = orjson.loads((mirror_folder / name).read_bytes())
        ids += [row["id"] for row in body["results"]]
        name = (body["next"] or "").lstrip("/")
    assert len(ids) == body["count"]


def test_manifest_and_header_rules_name_every_file(mirror_folder: Path) -> None:
    manifest = orjson.loads((mirror_folder / "manifest.json").read_bytes())
    files = {path.relative_to(mirror_folder).as_posix() for path in mirror_folder.rglob("*") if path.is_file()}
    assert files == {*manifest["files"], "manifest.json", "_headers"}
    assert (manifest["revision"], manifest["public_url"]) == (1, BASE)
    card = manifest["files"]["v1/jurisdictions/VA.json"]
    assert (card["Content-Type"], card["Access-Control-Allow-Origin"]) == ("application/json", "*")
    assert card["Content-Length"] == (mirror_folder / "v1/jurisdictions/VA.json").stat().st_size
    rules = (mirror_folder / "_headers").read_text()
    assert "/feeds/*.atom\n  Content-Type: application/atom+xml" in rules
    assert re.search(r"/static/\*\.css\n  Content-Type: text/css; charset=utf-8\n  Cache-Control: .*immutable", rules)
    assert "frame-ancestors *" in rules.partition("\n/embed*\n")[2].split("\n/")[0]


def test_second_run_writes_nothing(mirror_folder: Path, app: Flask) -> None:
    before = {path: path.stat().st_mtime_ns for path in mirror_folder.rglob("*")}
    result = app.test_cli_runner().invoke(args=["mirror", str(mirror_folder)])
    assert ": 0 files written, " in result.stdout
    assert result.stdout.endswith(", 0 deleted.\n")
    assert {path: path.stat().st_mtime_ns for path in mirror_folder.rglob("*")} == before


def test_later_revision_changes_and_deletes_its_files(writable_seeded_db: Database, tmp_path: Path, mirror_folder: Path) -> None:
    folder = tmp_path / "mirror"
    manifest = orjson.loads((mirror_folder / "manifest.json").read_bytes())
    stale = folder / "measures/a-measure-of-before/index.html"
    for name in ("measures/a-measure-of-before/index.html", "states/virginia/index.html"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text("What an earlier revision said.")
        manifest["files"][name] = {}
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest))
    (folder / "google-verification.html").write_text("The newsroom's own file.")
    publish_edited_title(writable_seeded_db, "VA", "A title that is new")
    with open_app(writable_seeded_db) as app:
        result = app.test_cli_runner().invoke(args=["mirror", str(folder), "--service", "https://live.example/"])
    assert (result.exit_code, result.stdout.startswith("Revision 2 in "), result.stdout.endswith(", 1 deleted.\n")) == (0, True, True), (
        result.output
    )
    assert not stale.parent.exists()
    page = (folder / "states/virginia/index.html").read_text()
    assert "A title that is new" in page
    assert 'action="https://live.example/search"' in page
    assert not (folder / "not-in-this-mirror").exists()
    assert (folder / "google-verification.html").read_text() == "The newsroom's own file."


def test_crawl_of_two_revisions_is_not_used(writable_seeded_db: Database) -> None:
    with open_app(writable_seeded_db) as app:
        client = app.test_client()
        fetched: list[str] = []

        def fetch(address: str) -> Any:
            fetched.append(address)
            if len(fetched) == 10:
                publish_edited_title(writable_seeded_db, "VA", "A title that is new")
            return client.get(address, buffered=True)

        with pytest.raises(NotReady, match="A revision was published meanwhile"):
            crawl_service(fetch, BASE)


def test_limits_on_clients_do_not_limit_the_mirror(app: Flask, mirror_folder: Path, tmp_path: Path) -> None:
    limited_app = make_app(database_url(app.extensions["database"]), cache_bytes=10**6, rate_limit="5/minute")
    folder = tmp_path / "mirror"
    result = limited_app.test_cli_runner().invoke(args=["mirror", str(folder)])
    limited_app.extensions["database"].dispose()
    assert result.exit_code == 0, result.output
    paths, unlimited_paths = ({path.relative_to(root) for path in root.rglob("*")} for root in (folder, mirror_folder))
    assert paths == unlimited_paths


@pytest.mark.parametrize("status", [404, 429])
def test_crawl_without_a_page_to_start_from_is_refused(app: Flask, status: int) -> None:
    client = app.test_client()

    def fetch(address: str) -> Any:
        return (
            TestResponse([], str(status), Headers(), client.get("/healthz").request)
            if address == "/v1"
            else client.get(address, buffered=True)
        )

    with pytest.raises(NotReady, match=rf"/v1 answers with status {status}\."):
        crawl_service(fetch, BASE)


def test_service_without_a_record_is_not_mirrored(runner_for: Any, copy_database: Callable[[str], str], tmp_path: Path) -> None:
    result = runner_for(copy_database("empty"))("mirror", tmp_path / "mirror")
    assert result.exit_code == 1
    assert re.fullmatch(r"Error: /\S* answers with status 503\. Nothing was written\.\n", result.stderr)
    assert not (tmp_path / "mirror").exists()


# Names of files.


@pytest.mark.parametrize(
    ("address", "media_type", "page", "name"),
    [
        ("/", "text/html", 1, "/"),
        ("/?posture=barred", "text/html", 1, "/index~posture=barred/"),
        ("/states/virginia", "text/html", 1, "/states/virginia/"),
        ("/compare?jurisdictions=VA,MD", "text/html", 1, "/compare~jurisdictions=VA,MD/"),
        ("/changes?cursor=abc", "text/html", 3, "/changes~page=3/"),
        ("/v1/jurisdictions/VA", "application/json", 1, "/v1/jurisdictions/VA.json"),
        ("/v1/measures?jurisdiction=VA&format=csv", "text/csv", 1, "/v1/measures~jurisdiction=VA.csv"),
        ("/v1/measures?limit=200&cursor=x", "application/json", 2, "/v1/measures~page=2.json"),
        ("/v1/measures?q=../../etc", "application/json", 1, "/v1/measures~q=..-..-etc.json"),
        ("/feeds/VA.atom", "application/atom+xml", 1, "/feeds/VA.atom"),
        ("/states/virginia/citation.bib", "application/x-bibtex", 1, "/states/virginia/citation.bib"),
        ("/v1/odd", "text/plain", 1, "/v1/odd.txt"),
    ],
)
def test_address_has_one_file(address: str, media_type: str, page: int, name: str) -> None:
    assert file_address(address, media_type, page) == name


def test_address_of_a_folder_is_its_index() -> None:
    assert (file_name("/"), file_name("/states/virginia/"), file_name("/v1/map.csv")) == (
        "index.html",
        "states/virginia/index.html",
        "v1/map.csv",
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/search", True),
        ("/search?q=x", False),
        ("/v1/search", False),
        ("/healthz", False),
        ("/v1/reconcile/preview", False),
        (f"/?{PIN}", False),
        ("/?as_of=2026-01-01", False),
        ("/v1/measures?kind=ban", True),
    ],
)
def test_files_answer_no_search_and_no_other_day(address: str, expected: bool) -> None:
    assert is_answerable(address) == expected


# Links.


def answer_of(file: str, content_type: str, body: str) -> MirroredAnswer:
    """Return a mirrored answer."""
    return MirroredAnswer(file, {"Content-Type": content_type}, body.encode())


@pytest.fixture
def small_crawl() -> Crawl:
    """A crawl of two answers."""
    return Crawl(
        {
            "/states/virginia": answer_of("/states/virginia/", "text/html", ""),
            "/v1/jurisdictions/VA": answer_of("/v1/jurisdictions/VA.json", "application/json", ""),
        },
        "1",
    )


@pytest.mark.parametrize(
    ("link", "without_service", "with_service"),
    [
        ("/states/virginia#figures", "/states/virginia/#figures", "/states/virginia/#figures"),
        (f"{BASE}/states/virginia", f"{BASE}/states/virginia/", f"{BASE}/states/virginia/"),
        (f"/states/virginia?{PIN}", "/not-in-this-mirror/", f"https://live.example/states/virginia?{PIN}"),
        ("/search?q=x", "/not-in-this-mirror/", "https://live.example/search?q=x"),
        ("https://www.ice.gov/287g", "https://www.ice.gov/287g", "https://www.ice.gov/287g"),
        ("//elsewhere.example/x", "//elsewhere.example/x", "//elsewhere.example/x"),
        ("/no/address", "/no/address", "/no/address"),
        ("#top", "#top", "#top"),
    ],
)
def test_link_leads_to_a_file_or_the_service(small_crawl: Crawl, link: str, without_service: str, with_service: str) -> None:
    assert LinkRewriter(small_crawl, BASE, "").target_of(link) == without_service
    assert LinkRewriter(small_crawl, BASE, "https://live.example").target_of(link) == with_service


def test_citations_and_forms_lead_to_the_service(small_crawl: Crawl) -> None:
    rewriter = LinkRewriter(small_crawl, BASE, "https://live.example")
    page = answer_of("/x/", "text/html; charset=utf-8", f'<form action="/search"></form>Cite {BASE}/states/virginia?{PIN}.')
    assert (
        rewriter.rewrite(page).decode()
        == f'<form action="https://live.example/search"></form>Cite https://live.example/states/virginia?{PIN}.'
    )
    body = answer_of(
        "/x.json",
        "application/json",
        orjson.dumps({"cite_as": f"VA, {BASE}/states/virginia?{PIN}", "links": ["/v1/jurisdictions/VA", 1, None]}).decode(),
    )
    assert orjson.loads(rewriter.rewrite(body)) == {
        "cite_as": f"VA, https://live.example/states/virginia?{PIN}",
        "links": ["/v1/jurisdictions/VA.json", 1, None],
    }
    reference = answer_of("/x.bib", "application/x-bibtex", f"url = {{{BASE}/states/virginia?{PIN}}}")
    assert rewriter.rewrite(reference).decode() == f"url = {{https://live.example/states/virginia?{PIN}}}"
    feed = answer_of("/x.atom", "application/atom+xml", f'<link href="{BASE}/states/virginia"/>')
    assert rewriter.rewrite(feed).decode() == f'<link href="{BASE}/states/virginia/"/>'
    picture = answer_of("/x.png", "image/png", "/states/virginia")
    assert rewriter.rewrite(picture) == b"/states/virginia"


# The folder.


def test_folder_with_other_files_is_refused(runner_for: Any, seeded_db: Database, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("Somebody's work.")
    with pytest.raises(RefusedOperation, match="is not empty and no mirror"):
        write_mirror(tmp_path, {}, {})
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("manifest", ["{", "{}", "[]", '{"files": 1}'])
def test_folder_with_another_manifest_is_refused(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(RefusedOperation, match="is not the manifest of a mirror; nothing was written"):
        write_mirror(tmp_path, {}, {})


@pytest.mark.parametrize("name", ["/../outside.txt", "/a/../../outside.txt"])
def test_no_file_is_written_or_deleted_outside_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "outside.txt").write_text("Not ours.")
    folder = tmp_path / "mirror"
    with pytest.raises(RefusedOperation, match="leads out of the folder"):
        write_mirror(folder, {name: ({}, b"")}, {})
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_bytes(orjson.dumps({"files": {name.lstrip("/"): {}}}))
    with pytest.raises(RefusedOperation, match="leads out of the folder"):
        write_mirror(folder, {}, {})
    assert (tmp_path / "outside.txt").read_text() == "Not ours."


def test_file_that_somebody_deleted_already_is_not_counted(tmp_path: Path) -> None:
    write_mirror(tmp_path / "m", {"/a.txt": ({"Content-Type": "text/plain"}, b"a"), "/b/c.txt": ({}, b"c")}, {})
    (tmp_path / "m/a.txt").unlink()
    assert write_mirror(tmp_path / "m", {}, {}).deleted_count == 1
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == ["_headers", "manifest.json"]


def test_files_of_one_folder_with_other_headers_have_their_own_rules(tmp_path: Path) -> None:
    files = {
        "/v1/a.json": ({"Cache-Control": "public"}, b"a"),
        "/v1/b.json": ({"Cache-Control": "no-store"}, b"b"),
        "/robots.txt": ({"Content-Type": "text/plain"}, b""),
    }
    write_mirror(tmp_path / "m", files, {})
    assert (
        tmp_path / "m/_headers"
    ).read_text() == "/robots.txt\n  Content-Type: text/plain\n/v1/a.json\n  Cache-Control: public\n/v1/b.json\n  Cache-Control: no-store\n"


def test_run_that_was_cut_off_can_be_repeated(tmp_path: Path) -> None:
    files: dict[str, tuple[dict[str, str], bytes]] = {"/a": ({}, b"short"), "/b": ({}, bytes(9000))}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_mirror(tmp_path, files, {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert orjson.loads((tmp_path / "manifest.json").read_bytes())["is_complete"] is False
    result = write_mirror(tmp_path, files, {})
    assert result.deleted_count == 0
    assert "is_complete" not in orjson.loads((tmp_path / "manifest.json").read_bytes())
