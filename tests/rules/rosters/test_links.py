"""Test that a link is unwrapped and encoded, or flagged if it is not safe to follow."""

import pytest

from legal.rules.rosters.links import MAX_URL_LENGTH, MAX_WRAPPERS, parse_link, parse_url
from legal.rules.rosters.parsed import CellReading
from legal.vocabulary import Flag, Repair

MOA_URL = "https://www.ice.gov/doclib/287gMOA/BayCoFL.pdf"
ENCODED_URL = "https%3A%2F%2Fwww.ice.gov%2Fdoclib%2F287gMOA%2FBayCoFL.pdf"
SAFELINKS_URL = (
    f"https://gcc02.safelinks.protection.outlook.com/?url={ENCODED_URL}&data=05%7C02%7CERO287g%40ice.dhs.gov&sdata=x%3D&reserved=0"
)
ENCODED_SAFELINKS_URL = (
    SAFELINKS_URL.replace("%", "%25").replace(":", "%3A").replace("/", "%2F").replace("&", "%26").replace("?", "%3F").replace("=", "%3D")
)


@pytest.mark.parametrize(
    "wrapped_url",
    [
        SAFELINKS_URL,
        SAFELINKS_URL.replace("https://gcc02", "HTTPS://GCC02"),
        f"https://www.google.com/url?sa=t&url={ENCODED_URL}&usg=x",
        f"https://www.google.com/url?q={ENCODED_URL}",
        "https://urldefense.com/v3/__https://www.ice.gov/doclib/287gMOA/BayCoFL.pdf__;!!abc!def$",
        "https://urldefense.com/v3/__https:/www.ice.gov/doclib/287gMOA/BayCoFL.pdf__;!!abc!def$",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.ice.gov_doclib_287gMOA_BayCoFL.pdf&d=DwM&c=x",
        f"https://urldefense.proofpoint.com/v1/url?u={ENCODED_URL}&k=x",
        "chrome-extension://efaidnbmnnnibpcajpcglclefindmkaj/https:/www.ice.gov/doclib/287gMOA/BayCoFL.pdf",
        f"chrome-extension://efaidnbmnnnibpcajpcglclefindmkaj/{ENCODED_URL}",
        f"https://l.facebook.com/l.php?u={ENCODED_URL}&h=x",
        f"https://www.google.com/url?q={ENCODED_SAFELINKS_URL}",
    ],
)
def test_url_is_unwrapped(wrapped_url: str) -> None:
    assert parse_url(wrapped_url) == CellReading(MOA_URL, (Repair.LINK_UNWRAPPED,))


def test_gaps_of_a_mail_scanner_are_filled() -> None:
    wrapped_url = "https://urldefense.com/v3/__https://www.ice.gov/a*b**Ac__;JSsr!!x!y$"
    assert parse_url(wrapped_url).value == "https://www.ice.gov/a%25b++c"


@pytest.mark.parametrize(
    "url",
    [
        MOA_URL,
        MOA_URL + "?inline=1#page=2",
        "http://ice.gov",
        "https://web.archive.org/web/20241218025939/" + MOA_URL,
        "https://www.google.com/search?q=ice",
        "https://notsafelinks.example.org/?url=" + ENCODED_URL,
        "https://xurldefense.com/?u=" + ENCODED_URL,
    ],
)
def test_url_that_is_not_wrapped_stays_unchanged(url: str) -> None:
    assert parse_url(url) == CellReading(url)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://www.ice.gov/a b.pdf", "https://www.ice.gov/a%20b.pdf"),
        ("https://www.ice.gov/100%.pdf", "https://www.ice.gov/100%25.pdf"),
        ('https://www.ice.gov/"<é>', "https://www.ice.gov/%22%3C%C3%A9%3E"),
    ],
)
def test_characters_that_a_url_must_not_have_are_encoded(text: str, url: str) -> None:
    assert parse_url(text) == CellReading(url, (Repair.URL_ENCODED,))


@pytest.mark.parametrize(
    "text",
    [
        *("", "link", "javascript:alert(1)//x", "mailto:a@ice.gov", "ftp://ice.gov/a", "file:///C:/a.pdf", "//ice.gov/a", "https://"),
        *(
            "https://user:pw@ice.gov/",
            "https://ice.gov@evil.example/",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://[/",
        ),
        *(
            "https://ice.gov/\n",
            "https://ice.gov/a\x00",
            f"{MOA_URL} {MOA_URL}",
            "https://ice.gov/" + "a" * MAX_URL_LENGTH,
            "https://ice.gov\\@evil.example",
        ),
        "https://gcc02.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)",
        "https://urldefense.com/v3/__https://ice.gov/*__;_____!!x",
        "chrome-extension://x/" * (MAX_WRAPPERS + 1) + MOA_URL,
    ],
)
def test_unsafe_url_or_other_text_is_flagged(text: str) -> None:
    assert parse_url(text) == CellReading(None, flag=Flag.NOT_A_LINK)


def test_hyperlink_of_a_cell_wins_over_its_text() -> None:
    assert parse_link(MOA_URL, "https://example.org/").value == MOA_URL


def test_text_of_a_cell_is_read_if_its_hyperlink_is_unusable() -> None:
    assert parse_link("mailto:a@ice.gov", MOA_URL) == CellReading(MOA_URL)


def test_repairs_of_the_text_beside_a_hyperlink_are_recorded() -> None:
    assert parse_link(MOA_URL, "link\u00a0|\u00a0addendum") == CellReading(MOA_URL, (Repair.NO_BREAK_SPACE,))


@pytest.mark.parametrize("text", ["", "link pending", "Link Pending", "TBD", "-"])
def test_text_that_announces_a_link_is_not_flagged(text: str) -> None:
    assert parse_link("", text) == CellReading(None)


@pytest.mark.parametrize("text", ["Cons", "link", "link | addendum"])
def test_other_text_without_a_link_is_flagged(text: str) -> None:
    assert parse_link("", text) == CellReading(None, flag=Flag.NOT_A_LINK)


def test_hyperlink_that_is_not_http_is_flagged() -> None:
    assert parse_link("mailto:a@ice.gov", "").flag == Flag.NOT_A_LINK


def test_spreadsheet_error_is_not_a_link() -> None:
    assert parse_link("", "#REF!") == CellReading(None, (Repair.ERROR_CELL,))
