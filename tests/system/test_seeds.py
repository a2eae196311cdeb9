"""What the shipped seeds say: every place, every paragraph, every span, in our own words."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pycountry
import pytest
import us

from legal.readers import seeds as reader
from legal.readers import texts
from legal.settings import ROOT, SEEDS
from tests.system.test_shape import FILES, named

READ = list(reader.files(SEEDS))
PLACES = {Path(name).stem: content for name, sort, content in READ if sort == "jurisdictions"}
IDENTIFIERS = {code: content["jurisdiction"] for code, content in PLACES.items()}
DOCUMENTS = {Path(name).stem: content["document"] for name, sort, content in READ if sort == "documents"}
STATES = {state.abbr: state for state in us.states.STATES}
TERRITORIES = {territory.abbr: territory for territory in us.states.TERRITORIES}
LOADED = re.compile(
    r"sanctuar|crack\w* ?down|\bsurg(e|es|ed|ing)\b|\billegals?\b(?! Immigration Reform)|crippl|hobbl|skyrocket|\brogue\b|invasion|\bhordes?\b"
    r"|mass deport|open borders|supercharg|\bradical|criminal alien",
    re.IGNORECASE,
)
RUN = 10
TEXTUAL = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".html", ".css", ".js", ".mako", ".json", ""}


def cited() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every citation, with the id of what cites."""
    for content in PLACES.values():
        for thing in (*content["measures"], *content["figures"]):
            yield from ((thing["id"], citation) for citation in thing["citations"])


def spoken(content: Any) -> Iterator[str]:
    """Every text in a seed file."""
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for below in content:
            yield from spoken(below)
    elif isinstance(content, str):
        yield content


def runs(text: str) -> set[str]:
    """Every run of ten words."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


def test_there_is_a_file_for_each_of_the_57_places() -> None:
    assert set(PLACES) == {*STATES, *TERRITORIES, "DC", "US"}
    assert len(PLACES) == 57
    assert all(code == place["code"] for code, place in IDENTIFIERS.items())


@pytest.mark.parametrize("code", [*STATES, *TERRITORIES, "DC"])
def test_names_and_fips_codes_are_those_of_the_field(code: str) -> None:
    oracle = us.states.DC if code == "DC" else us.states.lookup(code, field="abbr")
    name = {"VI": "US Virgin Islands"}.get(code, oracle.name)
    assert (IDENTIFIERS[code]["name"], IDENTIFIERS[code]["fips"]) == (name, oracle.fips)


def test_iso_codes_are_those_of_the_standard() -> None:
    subdivisions = {subdivision.code for subdivision in pycountry.subdivisions.get(country_code="US")}
    ours = {place["iso_3166_2"] for code, place in IDENTIFIERS.items() if code != "US"}
    assert ours == {code for code in subdivisions if code != "US-UM"}  # nobody makes law in the minor outlying islands
    assert all(place["iso_3166_2"] in ("US", f"US-{code}") for code, place in IDENTIFIERS.items())


@pytest.mark.parametrize(
    ("type", "codes"), [("state", set(STATES)), ("territory", set(TERRITORIES)), ("district", {"DC"}), ("nation", {"US"})]
)
def test_every_place_is_of_its_sort(type: str, codes: set[str]) -> None:
    assert {code for code, place in IDENTIFIERS.items() if place["type"] == type} == codes


def test_ocd_ids_follow_from_type_and_code() -> None:
    wanted = {code: f"ocd-division/country:us/{place['type']}:{code.lower()}" for code, place in IDENTIFIERS.items()}
    assert {code: place["ocd_id"] for code, place in IDENTIFIERS.items()} == wanted | {"US": "ocd-division/country:us"}


def test_slugs_follow_from_names() -> None:
    assert all(place["slug"] == re.sub(r"[^a-z]+", "-", place["name"].lower()) for place in IDENTIFIERS.values())


def test_the_nation_has_no_fips_code() -> None:
    assert [code for code, place in IDENTIFIERS.items() if place["fips"] is None] == ["US"]


def test_ids_begin_with_their_places_code() -> None:
    things = [(code, thing["id"]) for code, content in PLACES.items() for thing in (*content["measures"], *content["figures"])]
    assert [id for code, id in things if not id.startswith(f"{code.lower()}-")] == []


def test_every_document_is_named_by_its_id() -> None:
    assert all(id == document["id"] for id, document in DOCUMENTS.items())
    assert len(DOCUMENTS) == 5


@pytest.mark.parametrize("id", DOCUMENTS)
def test_every_paragraph_is_cited_or_set_aside_and_not_both(id: str) -> None:
    pointed = {citation["paragraph"] for _, citation in cited() if citation["document"] == id}
    aside = [number for entry in DOCUMENTS[id]["set_aside"] for number in entry["paragraphs"]]
    assert sorted([*pointed, *aside]) == list(range(1, DOCUMENTS[id]["paragraphs"] + 1))


def test_every_origin_is_traced_back_to() -> None:
    origins = {origin["id"] for name, _, content in READ if name == "origins.yaml" for origin in content["origins"]}
    used = {citation["origin"] for _, citation in cited()} | {document["origin"] for document in DOCUMENTS.values()}
    assert origins == used - {None}


def test_no_span_is_cited_twice_by_one_thing() -> None:
    pointed = [(by, citation["document"], citation["start"], citation["end"]) for by, citation in cited()]
    assert len(set(pointed)) == len(pointed)


def test_whoever_passes_something_on_says_on_whose_word() -> None:
    silent = [by for by, citation in cited() if citation["speech_act"] in ("reports", "quotes") and not citation["attributed_to"]]
    assert silent == []


@pytest.mark.parametrize("name", [name for name, _, _ in READ])
def test_the_words_are_neutral(name: str) -> None:
    content = next(content for read, _, content in READ if read == name)
    titles = {document["title"] for document in DOCUMENTS.values()}
    assert [text for text in spoken(content) if LOADED.search(text) and text not in titles] == []


@pytest.mark.parametrize("id", DOCUMENTS)
def test_every_span_is_in_its_text(shared: Path, id: str) -> None:
    text = texts.read(shared / "documents" / DOCUMENTS[id]["file"])
    faults = [(by, fault) for by, citation in cited() if citation["document"] == id for fault in texts.span_faults(text, citation)]
    assert faults == []


@pytest.mark.parametrize("id", DOCUMENTS)
def test_every_document_is_the_file_that_was_read(shared: Path, id: str) -> None:
    text = texts.read(shared / "documents" / DOCUMENTS[id]["file"])
    found = {"sha256": text.sha256, "paragraphs": text.paragraphs(), "characters": len(text.content)}
    assert found == {key: DOCUMENTS[id][key] for key in found}


@pytest.mark.parametrize("id", [id for id, document in DOCUMENTS.items() if document["title"]])
def test_a_title_is_as_printed(shared: Path, id: str) -> None:
    assert DOCUMENTS[id]["title"] in texts.read(shared / "documents" / DOCUMENTS[id]["file"]).content


def test_no_sentence_of_a_document_is_copied_anywhere(shared: Path) -> None:
    titles = set().union(*(runs(document["title"] or "") for document in DOCUMENTS.values()))
    printed = set().union(*(runs(path.read_text(encoding="utf-8")) for path in sorted((shared / "documents").glob("*.txt")))) - titles
    ours = [path for path in FILES if path.suffix in TEXTUAL and not path.name.startswith("requirements")]
    assert {named(path): both for path in ours if (both := runs(path.read_text(encoding="utf-8")) & printed)} == {}


def test_the_seeds_folder_holds_nothing_else() -> None:
    assert {path for path in FILES if path.is_relative_to(ROOT / "seeds")} == {
        *(SEEDS / name for name, _, _ in READ),
        SEEDS / "counties.csv",
        SEEDS / "renames.yaml",
    }
