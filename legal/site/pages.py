"""Turn views into pages: parse the parameters, read a snapshot, and render a template with what every page shows."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request
from marshmallow import Schema

from legal.http.links import absolute_url
from legal.http.query_params import CLOCK_PARAMETERS, SnapshotQuery, StrictQueryParser
from legal.http.reads import RequestContext, published_read, with_cache_headers
from legal.json_types import Json
from legal.queries.core.snapshot import Snapshot, today_in_utc

P = ParamSpec("P")

_TRACKING_PARAMETERS = frozenset({"fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "ref", "s", "t"})
"""Parameters that other sites append to links that people share. They never mean anything here."""
_PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_EMBED_POLICY = _PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
_parser = StrictQueryParser()


@dataclass(frozen=True, slots=True)
class Frame:
    """The snapshot of a page, and links that keep the day and the revision that the reader chose."""

    snapshot: Snapshot
    clocks: dict[str, str]
    path: str
    parameters: dict[str, str]
    explained_terms: set[str] = field(default_factory=set)

    @property
    def is_today(self) -> bool:
        """Return whether the page answers for the current day."""
        return self.snapshot.as_of == today_in_utc()

    @property
    def is_past_revision(self) -> bool:
        """Return whether the reader chose a state of the record."""
        return "revision" in self.clocks or "known_at" in self.clocks

    def link(self, path: str, **parameters: Any) -> str:
        """Return the address of another page at the day and the revision that the reader chose, or at the day in ``as_of``.

        A parameter that is None is left out.
        """
        own_parameters = {name: value for name, value in parameters.items() if value is not None}
        return _address(path, {**own_parameters, **self.clocks, **own_parameters})

    def link_with(self, **changes: Any) -> str:
        """Return the address of this page with some parameters changed; None removes one."""
        parameters = {**self.parameters, **changes}
        return _address(self.path, {name: value for name, value in parameters.items() if value is not None})

    def state_address(self, row: Json) -> str:
        """Return the address of the page of a row's jurisdiction."""
        return self.link(f"/states/{row['slug']}")

    def map_address(self, posture: str) -> str:
        """Return the address of the front page's table with the rows of one posture only."""
        return f"{self.link('/', posture=str(posture))}#table"

    def posture_address(self, posture: str) -> str:
        """Return the address of this page's table with the rows of one posture only."""
        return f"{self.link_with(posture=str(posture))}#table"

    @property
    def permalink(self) -> str:
        """Return the absolute address of this page with both clocks and the rule pack pinned, so that it never changes."""
        own_parameters = {name: value for name, value in self.parameters.items() if name not in CLOCK_PARAMETERS}
        return absolute_url(f"{self.path}?{'&'.join(filter(None, (urlencode(own_parameters), self.snapshot.pin)))}")

    @property
    def canonical(self) -> str:
        """Return the absolute address of this page for today."""
        own_parameters = {name: value for name, value in self.parameters.items() if name not in CLOCK_PARAMETERS}
        return absolute_url(_address(self.path, own_parameters))

    def explains(self, term: str) -> bool:
        """Return whether a term of the glossary occurs for the first time on this page."""
        is_new = term not in self.explained_terms
        self.explained_terms.add(term)
        return is_new


def _address(path: str, parameters: dict[str, Any]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


def page_endpoint(
    template: str | None = None, query_schema: type[Schema] = SnapshotQuery, *, is_embed: bool = False
) -> Callable[[Callable[Concatenate[RequestContext, P], Json | Response]], Callable[P, Response]]:
    """Turn a view that returns the variables of a template, or a response, into a page. Without a template it returns a response.

    Empty parameters, which forms send, and those that other sites append are removed by a redirect. Any other unknown
    parameter is refused, as the API does: a misspelled day must not show another day's answer.
    """
    schema = query_schema()

    def make_page(view: Callable[Concatenate[RequestContext, P], Json | Response]) -> Callable[P, Response]:
        def render(variables: Json, ctx: RequestContext, _: object) -> Response:
            return with_cache_headers(render_page(template or "", variables, ctx, is_embed=is_embed), ctx)

        read = published_read(view, render)

        def redirect_or_render(*args: P.args, **kwargs: P.kwargs) -> Response:
            clean_parameters = [(name, value) for name, value in request.args.items(multi=True) if value and not _is_tracking(name)]
            if len(clean_parameters) < len(list(request.args.items(multi=True))):
                address = f"{request.path}?{urlencode(clean_parameters)}" if clean_parameters else request.path
                return redirect(address, 302, Response)  # type: ignore[return-value]  # redirect returns the given class
            return read(_parser.parse(schema, request, location="query"), *args, **kwargs)

        redirect_or_render.access = "published"  # type: ignore[attr-defined]
        return functools.update_wrapper(redirect_or_render, view)

    return make_page


def _is_tracking(name: str) -> bool:
    return name.startswith("utm_") or name in _TRACKING_PARAMETERS


def render_page(template: str, variables: Json, ctx: RequestContext, *, is_embed: bool = False) -> Response:
    """Render a template with the variables of its view and the frame of the page."""
    response = Response(render_template(template, **variables, frame=make_frame(ctx)), mimetype="text/html")
    response.headers["Content-Security-Policy"] = _EMBED_POLICY if is_embed else _PAGE_POLICY
    return response


def make_frame(ctx: RequestContext) -> Frame:
    """Return the frame of the page that a request asks for."""
    # A list may be repeated, as forms with several fields send it; the parser joins it with commas too.
    parameters = {name: ",".join(values) for name, values in request.args.lists()}
    clocks = {name: parameters[name] for name in CLOCK_PARAMETERS if name in parameters}
    return Frame(ctx.snapshot, clocks, request.path, parameters)


def set_security_headers(response: Response) -> Response:
    """Forbid browsers to guess media types; a page without a policy of its own, such as an error, may load only its stylesheet."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
        response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    return response
