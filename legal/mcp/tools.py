"""Answer the tools: each opens a read session, resolves the snapshot, calls one query, and says how to cite what it returns."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.errors import InvalidInput, LandscapeError, NotFound
from legal.json_types import Json
from legal.queries.core.pagination import Paging
from legal.queries.core.snapshot import Snapshot, resolve_snapshot
from legal.queries.history import changes
from legal.queries.record import documents, figures, jurisdictions
from legal.queries.search import search_record
from legal.queries.stance import cards, sentences
from legal.rules.headline import day_text
from legal.rules.posture import RULE_PACK
from legal.rules.sentences.reading import MAX_SENTENCE_LENGTH
from legal.schemas.base import MAX_REVISION
from legal.vocabulary import Metric, Unit

T = TypeVar("T")
_MAX_ROWS = 50

AsOf = Annotated[date | None, Field(description="Day that the answer describes, as YYYY-MM-DD. Default: today in UTC.")]
Revision = Annotated[
    int | None, Field(ge=1, le=MAX_REVISION, description="Revision of the record, to read what it said then. Default: the newest.")
]
Limit = Annotated[int, Field(ge=1, le=_MAX_ROWS, description="Maximum number of rows.")]
Place = Annotated[
    str, Field(min_length=1, max_length=100, description="A state, territory or the nation: USPS code, name, FIPS, ISO 3166-2 or OCD id.")
]
Words = Annotated[str, Field(min_length=1, max_length=200, description="Words to find, such as: county jails Virginia.")]
Sentence = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_SENTENCE_LENGTH,
        description="One to five English sentences, such as: Maryland has banned 287(g) agreements.",
    ),
]


@dataclass(frozen=True, slots=True)
class RecordTools:
    """The tools over one database. ``link_base`` is the public address of the service, which permanent links start with."""

    database: Database
    link_base: str

    def get_stance(self, jurisdiction: Place, as_of: AsOf = None, revision: Revision = None) -> dict[str, Any]:
        """Get where a state stands on 287(g) agreements with ICE: its stance card.

        The card has a headline to quote with its day, the posture with its rule, measures by kind, figures with roster checks,
        and for each claim the passage that it was read from. `no_record` means that the documents on file do not say.
        """

        def load(session: Session, snapshot: Snapshot) -> Json:
            row = jurisdictions.find_jurisdiction(session, snapshot, jurisdiction)
            return cards.load_stance_card(session, row, snapshot, self.link_base)

        return self._answer(load, as_of, revision)

    def compare_stances(
        self,
        jurisdictions_to_compare: Annotated[list[Place], Field(min_length=2, max_length=12, description="Two to twelve jurisdictions.")],
        as_of: AsOf = None,
        revision: Revision = None,
    ) -> dict[str, Any]:
        """Compare the stance cards of two to twelve states, in the order given."""

        def load(session: Session, snapshot: Snapshot) -> Json:
            rows = jurisdictions.find_jurisdictions(session, snapshot, jurisdictions_to_compare, "jurisdictions_to_compare")
            results = cards.load_stance_cards(session, rows, snapshot, self.link_base)
            codes = ",".join(row["code"] for row in rows)
            return {"results": results, **self._citation("Comparison of stances", "/v1/compare", {"jurisdictions": codes}, snapshot)}

        return self._answer(load, as_of, revision)

    def search(self, query: Words, limit: Limit = 10, as_of: AsOf = None, revision: Revision = None) -> dict[str, Any]:
        """Search measures, figures, documents, agencies and jurisdictions; the best results come first, each with its id and link."""

        def load(session: Session, snapshot: Snapshot) -> Json:
            rows, page, search_meta = search_record(session, snapshot, {"q": query}, Paging(limit, "relevance"))
            return {"results": rows, "count": page.count, **search_meta, **self._citation("Search", "/v1/search", {"q": query}, snapshot)}

        return self._answer(load, as_of, revision)

    def list_changes(
        self,
        since: Annotated[date, Field(description="First day of publication, as YYYY-MM-DD.")],
        jurisdiction: Place | None = None,
        limit: Limit = 20,
        revision: Revision = None,
    ) -> dict[str, Any]:
        """List what this record has published or corrected since a day, oldest first, each change with its cause and reason."""

        def load(session: Session, snapshot: Snapshot) -> Json:
            filters: Json = {"since": since}
            parameters = {"since": since.isoformat()}
            if jurisdiction is not None:
                parameters["jurisdiction"] = jurisdictions.find_jurisdiction(session, snapshot, jurisdiction)["code"]
                filters["jurisdiction"] = [parameters["jurisdiction"]]
            rows, page = changes.list_changes(session, snapshot, filters, Paging(limit, "revision"))
            return {"results": rows, "count": page.count, **self._citation("Changes", "/v1/changes", parameters, snapshot)}

        return self._answer(load, None, revision)

    def list_figures(
        self,
        jurisdiction: Place | None = None,
        metric: Metric | None = None,
        unit: Unit | None = None,
        value: Annotated[float | None, Field(gt=0, description="The printed number, such as 1001.")] = None,
        limit: Limit = 20,
        as_of: AsOf = None,
        revision: Revision = None,
    ) -> dict[str, Any]:
        """List reported numbers, each with its unit, date, passages, and the comparison with ICE's roster of its day."""

        def load(session: Session, snapshot: Snapshot) -> Json:
            filters: Json = {name: [str(term)] for name, term in (("metric", metric), ("unit", unit)) if term}
            if jurisdiction is not None:
                filters["jurisdiction"] = [jurisdictions.find_jurisdiction(session, snapshot, jurisdiction)["code"]]
            if value is not None:
                filters["value"] = value
            rows, page = figures.list_figures(session, snapshot, filters, Paging(limit, "id"))
            parameters = {name: values[0] if isinstance(values, list) else f"{values:g}" for name, values in filters.items()}
            return {"results": rows, "count": page.count, **self._citation("Figures", "/v1/figures", parameters, snapshot)}

        return self._answer(load, as_of, revision)

    def check_sentence(self, sentence: Sentence, as_of: AsOf = None, revision: Revision = None) -> dict[str, Any]:
        """Check by rule whether the record supports a sentence on a day, and get words that the evidence carries.

        Verdicts: supported, partly, contradicted_as_stated, no_record, not_understood. Quote `wording` rather than the sentence
        unless the verdict is `supported`.
        """

        def load(session: Session, snapshot: Snapshot) -> Json:
            answer = sentences.check_sentence(session, snapshot, sentence)
            return {**answer, **self._citation("Check of a sentence", "/check", {"sentence": sentence}, snapshot)}

        return self._answer(load, as_of, revision)

    def list_jurisdictions(self) -> dict[str, Any]:
        """List the 57 jurisdictions with their codes and names."""

        def load(session: Session, snapshot: Snapshot) -> Json:
            rows = [jurisdictions.jurisdiction_json(row) for row in jurisdictions.load_jurisdictions(session, snapshot)]
            return {"results": rows, "count": len(rows), **self._citation("Jurisdictions", "/v1/jurisdictions", {}, snapshot)}

        return self._answer(load, None, None)

    def _answer(self, load: Callable[[Session, Snapshot], Json], as_of: date | None, revision: int | None) -> dict[str, Any]:
        """Return what ``load`` reads at the snapshot, with the coverage note.

        Raises:
            ToolError: the input is refused, or the database cannot be read.
        """

        def load_answer(session: Session) -> dict[str, Any]:
            snapshot = resolve_snapshot(session, as_of, revision)
            answer = load(session, snapshot)
            return {"coverage_note": _coverage_note(session, snapshot), **answer, "meta": snapshot.meta_json()}

        try:
            return self.database.read(load_answer)
        except LandscapeError as error:
            raise ToolError(_error_text(error)) from error
        except SQLAlchemyError as error:
            raise ToolError("The record cannot be read now. Try again in a moment.") from error

    def _citation(self, title: str, path: str, parameters: dict[str, str], snapshot: Snapshot) -> Json:
        address = f"{self.link_base}{path}?{'&'.join(filter(None, (urlencode(parameters), snapshot.pin)))}"
        pins = f"as of {day_text(snapshot.as_of)} (revision {snapshot.revision}; rule pack {RULE_PACK})"
        return {"cite_as": f"Legal Landscape, “{title},” {pins}, {address}"}


def _coverage_note(session: Session, snapshot: Snapshot) -> str:
    number = documents.load_coverage(session, snapshot).number
    return (
        f"This rests on {number} documents on file, ICE's rosters among them. `no_record` means that they do not say; it is no finding "
        "that there is none. `none_listed` means that a roster names no agency, and no more. Give the day and the unit with every number."
    )


def _error_text(error: LandscapeError) -> str:
    """Return the message of an error with its faults and what was probably meant, in one line."""
    parts = [str(error)]
    if isinstance(error, InvalidInput):
        parts += [fault.detail for fault in error.faults]
        suggestions = [suggestion for fault in error.faults for suggestion in fault.did_you_mean]
    else:
        suggestions = list(error.did_you_mean) if isinstance(error, NotFound) else []
    if suggestions:
        parts.append(f"Did you mean {', '.join(suggestions)}?")
    return " ".join(parts)
