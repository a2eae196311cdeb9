"""Choose the rows that a page shows: all of them, or one page of them with a link to the next."""

from legal.http import cursors
from legal.http.reads import RequestContext
from legal.queries.core.pagination import Page, Paging
from legal.site.pages import make_frame

_ALL_ROWS = 1_000_000
"""A page size above every count."""


def all_rows(sort: str, *, descending: bool = False) -> Paging:
    """Return the paging for a list that is shown whole."""
    return Paging(_ALL_ROWS, sort, descending)


def next_page_path(ctx: RequestContext, page: Page) -> str | None:
    """Return the address of the page after this one, or None on the last."""
    if page.next_position is None:
        return None
    return make_frame(ctx).link_with(
        cursor=cursors.issue_cursor(page.next_position, ctx.rows_before + len(page.rows), ctx.snapshot, ctx.query)
    )
