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
from legal.rules.codebook import codebook_json
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
STRONGER_THAN_THE_SOURCE = re.compile(
    r"has not ended it|reported to come second|as widely as the law|[Ee]ncounters, not people|under agreements"
    r"|ending (the )?(five|287|agreements)|slightly more than|a thousand participants|in effect left|, by (DHS|the announcement|the federal)"
)
"""Wordings that readers of the documents found to say more than the documents do."""
BRITISH_SPELLING = re.compile(
    r"\b(programmes?|licen[c]e[ds]?|colour\w*|behaviour\w*|favour\w*|labour\w*|centres?|towards|whilst|judgement\w*|defence|deputis\w*"
    r"|authoris\w*|organis\w*|recognis\w*|analys(e|ed|es|ing)|cancell(ed|ing)|per cent)\b",
    re.IGNORECASE,
)
WORDS_IN_A_RUN = 10
TEXT_SUFFIXES = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".html", ".css", ".js", ".mako", ".json", ""}


def list_citations() -> Iterator[tuple[str, dict[str, Any]]]:
    """List every citation with the id of the measure or figure that it belongs to, and the number of its provision."""
    for content in JURISDICTIONS.values():
        for claim in (*content["measures"], *content["figures"]):
            yield from ((claim["id"], citation) for citation in claim["citations"])
            for number, provision in enumerate(claim.get("provisions", [])):
                yield from ((f"{claim['id']} {number}", citation) for citation in provision["citations"])


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


def test_own_voice_of_a_document_is_no_official_source() -> None:
    """A document may trace as a whole to an announcement; a list or statement that one passage cites is named by the passage."""
    origin_types = {
        origin["id"]: origin["type"] for name, _, content in SEED_FILES if name == "origins.yaml" for origin in content["origins"]
    }
    mislabeled = [
        (id, citation["origin"])
        for id, citation in list_citations()
        if citation["speech_act"] == "asserts"
        and citation["origin"] not in (None, DOCUMENTS[citation["document"]]["origin"])
        and origin_types[citation["origin"]] != "press_report"
    ]
    assert mislabeled == []


def test_words_of_the_seeds_are_neutral() -> None:
    titles = {document["title"] for document in DOCUMENTS.values()}
    loaded_texts = [
        (name, text) for name, _, content in SEED_FILES for text in list_texts(content) if LOADED_WORDS.search(text) and text not in titles
    ]
    assert loaded_texts == []


def test_seeds_and_codebook_avoid_wordings_stronger_than_their_source() -> None:
    texts_by_name = {**{name: list(list_texts(content)) for name, _, content in SEED_FILES}, "codebook": list(list_texts(codebook_json()))}
    assert [(name, text) for name, found in texts_by_name.items() for text in found if STRONGER_THAN_THE_SOURCE.search(text)] == []


def test_no_actor_is_a_sponsor_because_no_document_names_one() -> None:
    roles = {actor["role"] for content in JURISDICTIONS.values() for measure in content["measures"] for actor in measure.get("actors", [])}
    assert [role for role in roles if "sponsor" in role] == []


def test_spelling_is_american() -> None:
    titles = {document["title"] for document in DOCUMENTS.values()}
    texts_by_name = {**{name: list(list_texts(content)) for name, _, content in SEED_FILES}, "codebook": list(list_texts(codebook_json()))}
    faults = [
        (name, text) for name, found in texts_by_name.items() for text in found if BRITISH_SPELLING.search(text) and text not in titles
    ]
    assert faults == []


def test_no_set_of_agreements_is_about_the_highway_patrol() -> None:
    about_agreements = [
        measure for content in JURISDICTIONS.values() for measure in content["measures"] if measure["kind"] == "active_agreements"
    ]
    assert [measure["id"] for measure in about_agreements if "patrol" in f"{measure['title']} {measure['summary']}".lower()] == []


def test_claims_about_unnamed_states_name_no_state() -> None:
    names = {identifiers["name"] for code, identifiers in IDENTIFIERS.items() if code != "US"}
    claims = [measure for measure in JURISDICTIONS["US"]["measures"] if measure["kind"] == "unnamed_states"]
    assert len(claims) == 6
    assert [claim["id"] for claim in claims if any(name in f"{claim['title']} {claim['summary']}" for name in names)] == []
    assert all("said to" in claim["title"] and "said to" in claim["summary"] for claim in claims)


def test_outlet_that_the_retelling_credits_is_the_origin_of_its_tally_only() -> None:
    tally = {
        "us-participation-more-than-1350-agencies-since-2019",
        "us-agencies-68-since-2019-first-group",
        "us-agencies-88-since-2019-second-group",
    }
    assert {id for id, citation in list_citations() if citation["origin"] == "western-journal-report-2026"} == tally


def test_bare_assertions_of_a_document_without_an_origin_have_no_official_origin() -> None:
    official_origins = {
        origin["id"]
        for name, _, content in SEED_FILES
        if name == "origins.yaml"
        for origin in content["origins"]
        if origin["type"] in ("official_statement", "court_filing")
    }
    faults = [
        (id, citation["document"], citation["start"])
        for id, citation in list_citations()
        if citation["speech_act"] == "asserts" and not citation["attributed_to"]
        if DOCUMENTS[citation["document"]]["origin"] is None and citation["origin"] in official_origins
    ]
    assert faults == []


def test_press_release_and_its_terms_are_one_origin() -> None:
    term_paragraphs = {5, 7, 8, 9}
    origins = {
        citation["origin"]
        for _, citation in list_citations()
        if citation["document"] == "breitbart-2025-09-17" and citation["paragraph"] in term_paragraphs
    }
    assert origins == {"dhs-ice-announcement-2025-09-17"}


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
