"""The shipped seeds: every jurisdiction, paragraph and quoted span, in neutral words of our own."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pycountry
import pytest
import us

from legal.readers import texts
from legal.readers.seeds import read_seed_files
from legal.settings import ROOT, SEEDS_FOLDER
from tests.system.test_shape import FILES, relative_path

SEED_FILES = list(read_seed_files(SEEDS_FOLDER))
JURISDICTIONS = {Path(name).stem: content for name, kind, content in SEED_FILES if kind == "jurisdictions"}
IDENTIFIERS = {code: content["jurisdiction"] for code, content in JURISDICTIONS.items()}
DOCUMENTS = {Path(name).stem: content["document"] for name, kind, content in SEED_FILES if kind == "documents"}
STATES = {state.abbr: state for state in us.states.STATES}
TERRITORIES = {territory.abbr: territory for territory in us.states.TERRITORIES}
LOADED_WORDS = re.compile(
    r"sanctuar|crack\w* ?down|\bsurg(e|es|ed|ing)\b|\billegals?\b(?! Immigration Reform)|crippl|hobbl|skyrocket|\brogue\b|invasion|\bhordes?\b"
    r"|mass deport|open borders|supercharg|\bradical|criminal alien",
    re.IGNORECASE,
)
WORDS_IN_A_RUN = 10
TEXT_SUFFIXES = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".html", ".css", ".js", ".mako", ".json", ""}


def list_citations() -> Iterator[tuple[str, dict[str, Any]]]:
    """List every citation with the id of the measure or figure that it belongs to."""
    for content in JURISDICTIONS.values():
        for claim in (*content["measures"], *content["figures"]):
            yield from ((claim["id"], citation) for citation in claim["citations"])


def list_texts(content: Any) -> Iterator[str]:
    """List every string value in a seed file."""
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for value in content:
            yield from list_texts(value)
    elif isinstance(content, str):
        yield content


def word_runs(text: str) -> set[str]:
    """Return every run of ten words."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {" ".join(words[start : start + WORDS_IN_A_RUN]) for start in range(len(words) - WORDS_IN_A_RUN + 1)}


def test_each_of_the_57_jurisdictions_has_a_file() -> None:
    assert set(JURISDICTIONS) == {*STATES, *TERRITORIES, "DC", "US"}
    assert len(JURISDICTIONS) == 57
    assert all(code == identifiers["code"] for code, identifiers in IDENTIFIERS.items())


def test_names_and_fips_codes_equal_those_of_the_census_bureau() -> None:
    expected = {code: (state.name, state.fips) for code, state in {**STATES, **TERRITORIES, "DC": us.states.DC}.items()}
    expected["VI"] = ("US Virgin Islands", us.states.VI.fips)
    assert {code: (identifiers["name"], identifiers["fips"]) for code, identifiers in IDENTIFIERS.items() if code != "US"} == expected


def test_iso_codes_equal_the_standard() -> None:
    subdivisions = {subdivision.code for subdivision in pycountry.subdivisions.get(country_code="US")}
    state_codes = {identifiers["iso_3166_2"] for code, identifiers in IDENTIFIERS.items() if code != "US"}
    assert state_codes == {code for code in subdivisions if code != "US-UM"}  # the minor outlying islands have no legislature
    assert all(identifiers["iso_3166_2"] in ("US", f"US-{code}") for code, identifiers in IDENTIFIERS.items())


@pytest.mark.parametrize(
    ("type", "codes"), [("state", set(STATES)), ("territory", set(TERRITORIES)), ("district", {"DC"}), ("nation", {"US"})]
)
def test_every_jurisdiction_has_the_right_type(type: str, codes: set[str]) -> None:
    assert {code for code, identifiers in IDENTIFIERS.items() if identifiers["type"] == type} == codes


def test_ocd_ids_follow_from_type_and_code() -> None:
    expected_ids = {code: f"ocd-division/country:us/{identifiers['type']}:{code.lower()}" for code, identifiers in IDENTIFIERS.items()}
    assert {code: identifiers["ocd_id"] for code, identifiers in IDENTIFIERS.items()} == expected_ids | {"US": "ocd-division/country:us"}


def test_slugs_follow_from_names() -> None:
    assert all(identifiers["slug"] == re.sub(r"[^a-z]+", "-", identifiers["name"].lower()) for identifiers in IDENTIFIERS.values())


def test_the_nation_has_no_fips_code() -> None:
    assert [code for code, identifiers in IDENTIFIERS.items() if identifiers["fips"] is None] == ["US"]


def test_ids_begin_with_the_code_of_their_jurisdiction() -> None:
    ids = [(code, claim["id"]) for code, content in JURISDICTIONS.items() for claim in (*content["measures"], *content["figures"])]
    assert [id for code, id in ids if not id.startswith(f"{code.lower()}-")] == []


def test_file_of_a_document_is_named_by_its_id() -> None:
    assert all(id == document["id"] for id, document in DOCUMENTS.items())
    assert len(DOCUMENTS) == 5


@pytest.mark.parametrize("id", DOCUMENTS)
def test_every_paragraph_is_either_cited_or_set_aside(id: str) -> None:
    cited_paragraphs = {citation["paragraph"] for _, citation in list_citations() if citation["document"] == id}
    set_aside_paragraphs = [number for entry in DOCUMENTS[id]["set_aside"] for number in entry["paragraphs"]]
    assert sorted([*cited_paragraphs, *set_aside_paragraphs]) == list(range(1, DOCUMENTS[id]["paragraphs"] + 1))


def test_every_origin_is_used() -> None:
    origins = {origin["id"] for name, _, content in SEED_FILES if name == "origins.yaml" for origin in content["origins"]}
    used_origins = {citation["origin"] for _, citation in list_citations()} | {document["origin"] for document in DOCUMENTS.values()}
    assert origins == used_origins - {None}


def test_no_claim_cites_a_span_twice() -> None:
    spans = [(id, citation["document"], citation["start"], citation["end"]) for id, citation in list_citations()]
    assert len(set(spans)) == len(spans)


def test_reports_and_quotations_are_attributed() -> None:
    unattributed = [
        id for id, citation in list_citations() if citation["speech_act"] in ("reports", "quotes") and not citation["attributed_to"]
    ]
    assert unattributed == []


def test_words_of_the_seeds_are_neutral() -> None:
    titles = {document["title"] for document in DOCUMENTS.values()}
    loaded_texts = [
        (name, text) for name, _, content in SEED_FILES for text in list_texts(content) if LOADED_WORDS.search(text) and text not in titles
    ]
    assert loaded_texts == []


@pytest.mark.parametrize("id", DOCUMENTS)
def test_every_cited_span_is_in_its_document(shared_folder: Path, id: str) -> None:
    text = texts.read_text(shared_folder / "documents" / DOCUMENTS[id]["file"])
    faults = [
        (claim, fault) for claim, citation in list_citations() if citation["document"] == id for fault in texts.span_faults(text, citation)
    ]
    assert faults == []


@pytest.mark.parametrize("id", DOCUMENTS)
def test_hash_and_lengths_of_every_document_match_its_file(shared_folder: Path, id: str) -> None:
    text = texts.read_text(shared_folder / "documents" / DOCUMENTS[id]["file"])
    measured = {"sha256": text.sha256, "paragraphs": text.count_paragraphs(), "characters": len(text.content)}
    assert measured == {key: DOCUMENTS[id][key] for key in measured}


@pytest.mark.parametrize("id", [id for id, document in DOCUMENTS.items() if document["title"]])
def test_title_of_a_document_is_as_printed(shared_folder: Path, id: str) -> None:
    assert DOCUMENTS[id]["title"] in texts.read_text(shared_folder / "documents" / DOCUMENTS[id]["file"]).content


def test_no_sentence_of_a_document_is_copied_anywhere(shared_folder: Path) -> None:
    titles = set().union(*(word_runs(document["title"] or "") for document in DOCUMENTS.values()))
    document_runs = (
        set().union(*(word_runs(path.read_text(encoding="utf-8")) for path in sorted((shared_folder / "documents").glob("*.txt")))) - titles
    )
    paths = [path for path in FILES if path.suffix in TEXT_SUFFIXES and not path.name.startswith("requirements")]
    assert {
        relative_path(path): shared_runs for path in paths if (shared_runs := word_runs(path.read_text(encoding="utf-8")) & document_runs)
    } == {}


def test_seeds_folder_contains_nothing_else() -> None:
    assert {path for path in FILES if path.is_relative_to(ROOT / "seeds")} == {
        *(SEEDS_FOLDER / name for name, kind, _ in SEED_FILES if kind != "rosters"),
        *(SEEDS_FOLDER / "rosters" / name for name in ("README.md", "lists.csv", "counts.csv")),
        SEEDS_FOLDER / "counties.csv",
        SEEDS_FOLDER / "renames.yaml",
        SEEDS_FOLDER / "shapes.json",
    }
