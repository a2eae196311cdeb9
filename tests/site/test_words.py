"""Test that dates, numbers and verdicts are put into words that are no stronger than their values."""

from typing import Any

import pytest

from legal.site import words

pytestmark = pytest.mark.databases("sqlite")


@pytest.mark.parametrize(
    ("earliest", "latest", "text"),
    [
        ("2026-02-04", "2026-02-04", "Feb. 4, 2026"),
        ("2026-06-30", "2026-06-30", "June 30, 2026"),
        ("2026-01-01", "2026-01-31", "January 2026"),
        ("2024-02-01", "2024-02-29", "February 2024"),
        ("2025-01-01", "2025-12-31", "2025"),
        ("2019-01-01", "2025-12-31", "between 2019 and 2025"),
        ("2025-03-01", "2025-05-31", "between March 2025 and May 2025"),
        ("2026-02-04", "2026-02-17", "between Feb. 4, 2026 and Feb. 17, 2026"),
        (None, "2026-02-04", "by Feb. 4, 2026"),
        ("2026-02-04", None, "Feb. 4, 2026, or later"),
        (None, None, "date not given"),
    ],
)
def test_date_is_as_precise_as_it_is(earliest: str | None, latest: str | None, text: str) -> None:
    assert words.date_text({"earliest": earliest, "latest": latest}) == text


def make_figure(**changes: Any) -> dict[str, Any]:
    """Return a figure of 1,001 agencies."""
    return {
        "comparator": "exact",
        "value": 1001,
        "low": 1001,
        "high": 1001,
        "unit": "agencies",
        "metric": "participation",
        "agency_class": None,
        "cohort": "active_at",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "1,001 agencies: participation"),
        ({"value": 1, "comparator": "about"}, "About 1 agency: participation"),
        (
            {"value": 24, "comparator": "more_than", "agency_class": "county_sheriffs"},
            "More than 24 agencies (county sheriffs): participation",
        ),
        ({"value": 50, "unit": "percent"}, "50 percent: participation"),
        ({"title": "Agencies that take part"}, "Agencies that take part"),
    ],
)
def test_figure_without_a_title_is_named_by_its_quantity(changes: dict[str, Any], title: str) -> None:
    assert words.figure_title(make_figure(**changes)) == title


@pytest.mark.parametrize(
    ("low", "high", "text"), [(5, 5, "5"), (95, 105, "95 to 105"), (1001, None, "1,001 or more"), (None, 12, "12 or less")]
)
def test_interval_says_which_end_is_open(low: int | None, high: int | None, text: str) -> None:
    assert words.interval_text({"low": low, "high": high}) == text


def make_check(fit: str | None, matched_unit: str | None, **changes: Any) -> dict[str, Any]:
    """Return a roster check against 1,000 agreements of 832 agencies."""
    counts = {"agreements": 1000, "agencies": 832, "states": 40, "territories": 0, "model": None}
    date = {"earliest": "2025-09-17", "latest": "2025-09-17"}
    check = {
        "fit": fit,
        "nearest": None,
        "matched_unit": matched_unit,
        "off_by": None,
        "likely": None,
        "roster": "r",
        "date": date,
        "counts": counts,
    }
    return {**check, **changes}


ROSTER = "ICE’s roster of Sept. 17, 2025 has 1,000 agreements of 832 agencies in 40 states."


@pytest.mark.parametrize(
    ("check", "unit", "sentence"),
    [
        (make_check("matches", "agreements"), "agreements", "The figure holds for agreements."),
        (make_check("matches", "agreements"), "agencies", "The figure holds for agreements, not for agencies."),
        (make_check("off_by", "agreements", off_by=1), "agencies", "The figure is off by 1 for agreements, not for agencies."),
        (make_check("rounds_to", "agreements"), "percent", "Rounded as the figure is, the count gives the figure for agreements."),
        (make_check(None, None), "agencies", "No count of that roster is close to the figure."),
    ],
)
def test_roster_check_names_the_unit_for_which_a_figure_holds(check: dict[str, Any], unit: str, sentence: str) -> None:
    assert words.roster_check_text(make_figure(unit=unit, roster_check=check)) == f"{ROSTER} {sentence}"


def test_roster_check_without_a_roster_gives_no_verdict() -> None:
    text = words.roster_check_text(make_figure(roster_check=make_check(None, None, roster=None)))
    assert text == "No roster on file is close enough to this figure’s date to check it."


def test_number_without_a_date_lies_between_rosters() -> None:
    ends = [
        {"roster": "r", "date": {"earliest": day, "latest": day}, "count": count}
        for day, count in (("2026-02-10", 1405), ("2026-02-11", 1420))
    ]
    nearest = [{"unit": "agreements", "from": ends[0], "to": ends[1]}]
    assert words.roster_check_text(make_figure(roster_check=make_check(None, None, roster=None, nearest=nearest))) == (
        "The figure has no date. Its number lies between 1,405 agreements on the roster of Feb. 10, 2026 and 1,420 agreements on the "
        "roster of Feb. 11, 2026."
    )


def test_quantity_in_words_has_no_number() -> None:
    figure = make_figure(value=None, low=None, high=None, comparator=None, printed="thousands", unit="arrests")
    assert words.quantity_text(figure) == "thousands (arrests; the source gives no number)"
    assert words.interval_text(figure) == "no number"


def test_roster_check_says_what_a_roster_counts() -> None:
    model = {"model": "task_force", "agreements": 1, "agencies": 1}
    counts = {"agreements": 1, "agencies": 1, "states": 1, "territories": 1, "model": model}
    text = words.roster_check_text(
        make_figure(cohort="signed_in", roster_check=make_check("matches", None, counts=counts, likely="Likely so."))
    )
    assert (
        "has 1 agreement of 1 agency in 1 state and 1 territory, of which 1 agreement under the task force model signed in that period."
        in text
    )
    assert text.endswith("The figure holds. Likely so.")
    several = words.roster_check_text(
        make_figure(roster_check=make_check("matches", None, counts={**counts, "territories": 2, "model": None}))
    )
    assert "and 2 territories." in several


@pytest.mark.parametrize(
    ("kind", "stands", "text"),
    [
        ("ban", "yes", "in effect on Feb. 4, 2026"),
        ("ban", "no", "not in effect on Feb. 4, 2026"),
        ("pending_bill", "yes", "pending on Feb. 4, 2026"),
        ("pending_bill", "possible", "may or may not be pending on Feb. 4, 2026"),
        ("litigation", "unknown", "not placed in time by anything on file"),
    ],
)
def test_pending_bill_is_never_said_to_be_in_effect(kind: str, stands: str, text: str) -> None:
    assert words.stands_text({"kind": kind, "stands": stands}, "2026-02-04") == text


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ({"title": "A title", "publisher": "A paper"}, "A title"),
        ({"title": None, "publisher": "A paper"}, "A paper, untitled"),
        ({"title": None, "publisher": None, "type": "article", "id": "a-b"}, "Article without title or publisher (a-b)"),
    ],
)
def test_no_title_is_made_up_for_a_document(document: dict[str, Any], name: str) -> None:
    assert words.document_name(document) == name


def test_speaker_of_a_passage_is_named_before_who_relayed_it() -> None:
    citation = {"speech_act": "reports", "attributed_to": ["Wes Moore", "local media"]}
    assert words.speech_text(citation) == "The document reports a statement, on the word of Wes Moore, by way of local media."


@pytest.mark.parametrize(("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_list_is_a_phrase(items: list[str], text: str) -> None:
    assert words.list_text(items) == text


def test_labels_are_quoted_where_they_are_names() -> None:
    assert words.labels_text("posture", ["barred", "limited"], "or", quote=True) == "“Agreements barred” or “Limited in part”"
    assert words.labels_text("agency_class", ["state_agencies", "county_jails"]) == "State agencies and county jails"


def test_reasons_have_words_for_keys_of_the_api() -> None:
    reason = "It may be in effect (status: ordered_to_terminate); see could_be."
    assert words.reason_text(reason) == "It may be in effect (status: ordered to terminate); see “What could change this”."


@pytest.mark.parametrize(("text", "expected"), [("Law in force", "law in force"), ("ICE says", "ICE says"), ("", "")])
def test_abbreviation_keeps_its_capitals_inside_a_sentence(text: str, expected: str) -> None:
    assert words.decapitalize(text) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        ([], "nothing"),
        ({}, "nothing"),
        (False, "no"),
        (True, "yes"),
        (0, "0"),
        (1274, "1,274"),
        ("In force", "In force"),
        (["county_sheriffs", "county_jails"], "county sheriffs and county jails"),
        ([{"a": 1}], "1 part"),
        ({"a": 1, "b": 2}, "2 parts"),
        ({"edtf": "2026-02-04", "earliest": "2026-02-04", "latest": "2026-02-04", "basis": "explicit"}, "Feb. 4, 2026"),
    ],
)
def test_changed_value_is_put_into_words(value: object, text: str) -> None:
    assert words.changed_value_text(value) == text


@pytest.mark.parametrize(("text", "sentence"), [("Read", "Read."), ("Read.", "Read."), ("Why?", "Why?")])
def test_reason_ends_as_a_sentence(text: str, sentence: str) -> None:
    assert words.end_sentence(text) == sentence


def test_effect_is_said_without_its_day_in_a_table() -> None:
    assert words.stands_text({"kind": "pending_bill", "stands": "possible"}, "2026-02-20", short=True) == "may or may not be pending"


def test_terms_are_offered_with_their_labels() -> None:
    assert words.term_choices("kind")[0] == ("ban", "Ban")
