"""A link leads to what it means: out of its wrappers, fit to be followed, or nowhere."""

import pytest

from legal.rules.rosters.links import DEEPEST, LONGEST, address, link
from legal.rules.rosters.parsed import Reading
from legal.vocabulary import Doubt, Mend

MOA = "https://www.ice.gov/doclib/287gMOA/BayCoFL.pdf"
ENCODED = "https%3A%2F%2Fwww.ice.gov%2Fdoclib%2F287gMOA%2FBayCoFL.pdf"
SAFE = f"https://gcc02.safelinks.protection.outlook.com/?url={ENCODED}&data=05%7C02%7CERO287g%40ice.dhs.gov&sdata=x%3D&reserved=0"


@pytest.mark.parametrize(
    "wrapped",
    [
        SAFE,
        SAFE.replace("https://gcc02", "HTTPS://GCC02"),
        f"https://www.google.com/url?sa=t&url={ENCODED}&usg=x",
        f"https://www.google.com/url?q={ENCODED}",
        "https://urldefense.com/v3/__https://www.ice.gov/doclib/287gMOA/BayCoFL.pdf__;!!abc!def$",
        "https://urldefense.com/v3/__https:/www.ice.gov/doclib/287gMOA/BayCoFL.pdf__;!!abc!def$",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.ice.gov_doclib_287gMOA_BayCoFL.pdf&d=DwM&c=x",
        f"https://urldefense.proofpoint.com/v1/url?u={ENCODED}&k=x",
        "chrome-extension://efaidnbmnnnibpcajpcglclefindmkaj/https:/www.ice.gov/doclib/287gMOA/BayCoFL.pdf",
        f"chrome-extension://efaidnbmnnnibpcajpcglclefindmkaj/{ENCODED}",
        f"https://l.facebook.com/l.php?u={ENCODED}&h=x",
        f"https://www.google.com/url?q={SAFE.replace('%', '%25').replace(':', '%3A').replace('/', '%2F').replace('&', '%26').replace('?', '%3F').replace('=', '%3D')}",
    ],
)
def test_a_wrapper_is_taken_off_with_its_query(wrapped: str) -> None:
    assert address(wrapped) == Reading(MOA, (Mend.LINK_UNWRAPPED,))


def test_what_a_scanner_left_out_is_filled_in() -> None:
    assert address("https://urldefense.com/v3/__https://www.ice.gov/a*b**Ac__;JSsr!!x!y$").value == "https://www.ice.gov/a%25b++c"


@pytest.mark.parametrize(
    "kept",
    [
        MOA,
        MOA + "?inline=1#page=2",
        "http://ice.gov",
        "https://web.archive.org/web/20241218025939/" + MOA,
        "https://www.google.com/search?q=ice",
        "https://notsafelinks.example.org/?url=" + ENCODED,
        "https://xurldefense.com/?u=" + ENCODED,
    ],
)
def test_another_address_stays_as_it_is(kept: str) -> None:
    assert address(kept) == Reading(kept)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://www.ice.gov/a b.pdf", "https://www.ice.gov/a%20b.pdf"),
        ("https://www.ice.gov/100%.pdf", "https://www.ice.gov/100%25.pdf"),
        ('https://www.ice.gov/"<é>', "https://www.ice.gov/%22%3C%C3%A9%3E"),
    ],
)
def test_what_no_address_may_have_is_encoded(written: str, read: str) -> None:
    assert address(written) == Reading(read, (Mend.URL_ENCODED,))


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
            f"{MOA} {MOA}",
            "https://ice.gov/" + "a" * LONGEST,
            "https://ice.gov\\@evil.example",
        ),
        "https://gcc02.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)",
        "https://urldefense.com/v3/__https://ice.gov/*__;_____!!x",
        "chrome-extension://x/" * (DEEPEST + 1) + MOA,
    ],
)
def test_nothing_else_is_an_address(text: str) -> None:
    assert address(text) == Reading(None, doubt=Doubt.NOT_A_LINK)


def test_the_link_of_a_cell_goes_before_its_text() -> None:
    assert link(MOA, "https://example.org/").value == MOA


def test_the_text_of_a_cell_is_read_where_its_link_is_none() -> None:
    assert link("mailto:a@ice.gov", MOA) == Reading(MOA)


def test_the_blanks_of_the_text_beside_a_link_are_told() -> None:
    assert link(MOA, "link\u00a0|\u00a0addendum") == Reading(MOA, (Mend.NO_BREAK_SPACE,))


@pytest.mark.parametrize("text", ["", "link pending", "Link Pending", "TBD", "-"])
def test_a_link_to_come_is_in_no_doubt(text: str) -> None:
    assert link("", text) == Reading(None)


@pytest.mark.parametrize("text", ["Cons", "link", "link | addendum"])
def test_a_stray_word_is_in_doubt(text: str) -> None:
    assert link("", text) == Reading(None, doubt=Doubt.NOT_A_LINK)


def test_a_link_that_leads_nowhere_is_in_doubt() -> None:
    assert link("mailto:a@ice.gov", "").doubt == Doubt.NOT_A_LINK


def test_an_error_is_no_link() -> None:
    assert link("", "#REF!") == Reading(None, (Mend.ERROR_CELL,))
