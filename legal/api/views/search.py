"""Search over HTTP."""

from legal.api.query_params import Blueprint, ListQuery, Words, places
from legal.api.responses import RequestContext, listing, published
from legal.json_types import Json
from legal.queries import search
from legal.schemas.base import Text, Word
from legal.schemas.search import NOUNS, FoundSchema, SearchPage

blueprint = Blueprint("search", __name__, description="Everything on file, by its words.")


class SearchQuery(ListQuery):
    """What the search takes."""

    q = Text(
        longest=200,
        shortest=1,
        required=True,
        metadata={
            "description": (
                "What to look for, in any form of the words: every word has to occur, small words aside. Words in double quotes are a phrase. "
                "The name of a place may be misspelt, and brings what is about that place to the top. Any text is safe: nothing is an operator."
            ),
            "example": 'Virgina "county jails"',
        },
    )
    noun = Words(NOUNS, example="measure")
    jurisdiction = places()
    sort = Word(("relevance",), load_default="relevance", metadata={"description": "Best first; ties are broken by noun and id."})


@blueprint.read("/v1/search", takes=SearchQuery, gives=SearchPage, named="search")
@published
def found(ask: RequestContext) -> Json:
    """Measures, figures and documents by their words, best first, with the words marked"""
    filters = ask.filters()
    rows, page, told = search.found(ask.session, ask.moment, filters, ask.paging)
    answer = listing(ask, filters, rows, page, FoundSchema)
    return {**answer, "meta": {**answer["meta"], **told}}
