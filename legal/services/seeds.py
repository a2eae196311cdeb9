"""Load the seeds: one transaction in which the record becomes what the files say."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from legal.errors import Fault, InvalidInput, Refused
from legal.models import Jurisdiction
from legal.rules.dates import UNKNOWN
from legal.services import drafts
from legal.services.publishing import DOCUMENT, FIGURE, MEASURE, ORIGIN, Draft, Noun, Outcome, Why, lock, open_ids, publish
from legal.vocabulary import Cause

ACTOR = "seeds"
File = tuple[str, str, Mapping[str, Any]]


def load(session: Session, files: Sequence[File], cause: str = Cause.SOURCE_ADDED, reason: str = "Read from the documents.") -> Outcome:
    """Make the record what the seed files say, in one revision, or in none where nothing differs.

    ``files`` are (name, sort, content) as ``schemas.seeds.validated`` gives them. What the seeds
    published before and no longer say is retracted; what others published is left alone.

    Raises:
        InvalidInput: the files do not fit together: an id twice, a pointer to nothing.
        Refused: a place's identifiers, or what a measure is, differ from what is on file.
    """
    check(files)
    lock(session)
    _jurisdictions(session, [content["jurisdiction"] for _, sort, content in files if sort == "jurisdictions"])
    wanted = list(_drafts(files))
    keys = {(draft.noun.name, draft.id) for draft in wanted}
    gone: list[tuple[Noun, str]] = [
        (noun, key)
        for noun in (FIGURE, MEASURE, DOCUMENT, ORIGIN)
        for key in sorted(open_ids(session, noun, ACTOR))
        if (noun.name, key) not in keys
    ]
    return publish(session, wanted, gone, Why(cause, reason, ACTOR))


def _drafts(files: Sequence[File]) -> Iterable[Draft]:
    documents = _documents(files)
    dates = {key: drafts.known_by(data["published"] or UNKNOWN, data["accessed"] or UNKNOWN) for key, data in documents.items()}
    yield from (drafts.origin(data) for _, sort, content in files if sort == "origins" for data in content["origins"])
    yield from (drafts.document(data) for data in documents.values())
    places = [content for _, sort, content in files if sort == "jurisdictions"]
    yield from (drafts.measure(data, place["jurisdiction"]["code"], dates) for place in places for data in place["measures"])
    yield from (drafts.figure(data, place["jurisdiction"]["code"], dates) for place in places for data in place["figures"])


def _documents(files: Sequence[File]) -> dict[str, Mapping[str, Any]]:
    return {content["document"]["id"]: content["document"] for _, sort, content in files if sort == "documents"}


def _jurisdictions(session: Session, wanted: Sequence[Mapping[str, Any]]) -> None:
    known = {row["code"]: dict(row) for row in session.execute(select(Jurisdiction.__table__)).mappings()}
    if new := [place for place in wanted if place["code"] not in known]:
        session.execute(insert(Jurisdiction.__table__), new)
    for place in wanted:
        if known.get(place["code"], place) != place:
            differing = ", ".join(key for key, value in place.items() if known[place["code"]][key] != value)
            raise Refused(f"The identifiers of {place['code']} never change, and the seeds give another {differing} than is on file.")


def check(files: Sequence[File]) -> None:
    """That the files fit together: ids stand once, and pointers point at something.

    Raises:
        InvalidInput: with one fault for each thing that does not fit.
    """
    documents = _documents(files)
    origins = {data["id"] for _, sort, content in files if sort == "origins" for data in content["origins"]}
    faults = [
        *_repeated(files),
        *(fault for name, sort, content in files if sort == "jurisdictions" for fault in _dangling(name, content, documents, origins)),
    ]
    for name, sort, content in files:
        if sort == "documents" and content["document"]["origin"] not in {None, *origins}:
            faults.append(Fault(f"There is no origin {content['document']['origin']}.", pointer=f"{name}#/document/origin"))
    if faults:
        raise InvalidInput("The seed files do not fit together; nothing was loaded.", faults)


def _repeated(files: Sequence[File]) -> Iterable[Fault]:
    ids = Counter(
        key
        for _, sort, content in files
        for key in (
            [("origin", data["id"]) for data in content["origins"]]
            if sort == "origins"
            else [("document", content["document"]["id"])]
            if sort == "documents"
            else [
                ("jurisdiction", content["jurisdiction"]["code"]),
                # A posture names both by id alone, so that the two share one set of ids.
                *(("measure or figure", data["id"]) for sort in ("measures", "figures") for data in content[sort]),
            ]
        )
    )
    return (Fault(f"The {noun} {key} stands {times} times.") for (noun, key), times in ids.items() if times > 1)


def _dangling(name: str, place: Mapping[str, Any], documents: Mapping[str, Any], origins: Set[str]) -> Iterable[Fault]:
    measures = {data["id"] for data in place["measures"]}
    units = {data["id"]: data["unit"] for data in place["figures"]}
    for sort in ("measures", "figures"):
        for number, data in enumerate(place[sort]):
            if data.get("measure") is not None and data["measure"] not in measures:
                yield Fault(f"There is no measure {data['measure']} in this place.", pointer=f"{name}#/{sort}/{number}/measure")
            yield from _underived(f"{name}#/{sort}/{number}/derivation/of", (data.get("derivation") or {"of": []})["of"], units)
            for position, citation in enumerate(data["citations"]):
                where = f"{name}#/{sort}/{number}/citations/{position}"
                cited = documents.get(citation["document"])
                if cited is None:
                    yield Fault(f"There is no document {citation['document']}.", pointer=f"{where}/document")
                elif citation["end"] > cited["characters"] or citation["paragraph"] > cited["paragraphs"]:
                    yield Fault(
                        f"{citation['document']} has {cited['paragraphs']} paragraphs and {cited['characters']} characters.", pointer=where
                    )
                if citation["origin"] not in {None, *origins}:
                    yield Fault(f"There is no origin {citation['origin']}.", pointer=f"{where}/origin")


def _underived(where: str, of: Sequence[str], units: Mapping[str, str]) -> Iterable[Fault]:
    missing = [id for id in of if id not in units]
    yield from (Fault(f"There is no figure {id} in this place.", pointer=where) for id in missing)
    if len({units[id] for id in of if id in units}) > 1:
        yield Fault("These figures are in two units, which are never compared or added.", pointer=where)
