"""Serve the stylesheet and the scripts under names that change with their content, so that browsers may store them for ever."""

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, redirect
from werkzeug.exceptions import NotFound

from legal.http.reads import PINNED_CACHE_CONTROL, public_endpoint, with_etag

_FOLDER = Path(__file__).parent / "static"
_DIGEST_LENGTH = 12

blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file, with the digest of its content that is a part of its address."""

    name: str
    body: bytes
    digest: str
    media_type: str

    @property
    def path(self) -> str:
        """Return the address of the file."""
        return f"/static/{self.digest}/{self.name}"


@cache
def load_assets() -> dict[str, Asset]:
    """Return all static files by name."""
    return {path.name: _read_asset(path) for path in sorted(_FOLDER.iterdir())}


def _read_asset(path: Path) -> Asset:
    body = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(path.name, body, hashlib.sha256(body).hexdigest()[:_DIGEST_LENGTH], media_type)


def asset_path(name: str) -> str:
    """Return the address of a static file."""
    return load_assets()[name].path


@blueprint.get("/static/<digest>/<name>")
@public_endpoint
def send_asset(digest: str, name: str) -> Response:
    """Send a static file. An address with an old digest leads to the present one, for pages that a cache still has."""
    asset = load_assets().get(name)
    if asset is None:
        raise NotFound
    if digest != asset.digest:
        return redirect(asset.path, 302, Response)  # type: ignore[return-value]  # redirect returns the given class
    return with_etag(Response(asset.body, mimetype=asset.media_type), PINNED_CACHE_CONTROL)
