"""Read the URL from a roster's link: remove the wrappers of mail scanners and viewers, encode it, and reject unsafe URLs."""

import re
from base64 import urlsafe_b64decode
from functools import lru_cache
from itertools import islice
from urllib.parse import parse_qs, quote, unquote, urlsplit

from legal.rules.rosters.normalize import clean_text, is_spreadsheet_error, match_key
from legal.rules.rosters.parsed import CELL_CACHE_SIZE, CellReading
from legal.vocabulary import Flag, Repair

MAX_URL_LENGTH = 2000
MAX_WRAPPERS = 10
"""The largest number of nested wrappers."""

NO_DOCUMENT_WORDS = {"", "linkpending", "pending", "tbd", "tba", "none"}
"""Match keys of texts that say that there is no document yet."""

_REDIRECTORS = (
    ("safelinks.protection.outlook.com", "", "url"),
    ("safelinks.protection.office365.us", "", "url"),
    ("google.com", "/url", "q"),
    ("google.com", "/url", "url"),
    ("urldefense.proofpoint.com", "", "u"),
    ("urldefense.com", "", "u"),
    ("linkprotect.cudasvc.com", "/url", "a"),
    ("l.facebook.com", "/l.php", "u"),
    ("slack-redir.net", "/link", "url"),
)
"""Host (with its subdomains), path prefix, and the query parameter that holds the target."""
_VIEWER_URL = re.compile(r"(?:chrome|edge|moz|extension)(?:-extension)?://[^/]*/(.*)", re.IGNORECASE)
_SCHEME_SLASHES = re.compile(r"^(https?):/+", re.IGNORECASE)
"""The slashes after the scheme, of which viewers keep only one."""
_URLDEFENSE_V3 = re.compile(r"https?://urldefense\.[a-z.]+/v3/__(.+?)__;([\w=-]*)(?:[^\w=-].*)?", re.IGNORECASE)
_GAP = re.compile(r"\*(?:\*(.))?")
_GAP_LENGTH_CODES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""The letter of a gap ``**A`` codes its length: A is two characters, B three."""

_HOST_URL = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*(?::[0-9]{1,5})?(?:[/?#].*)?", re.IGNORECASE)
"""An http or https URL with a host name, without user name or password."""
_UNSAFE_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]|\s\S*://")
"""Control characters, surrogates, or a second URL after the first."""


@lru_cache(maxsize=CELL_CACHE_SIZE)
def parse_link(target: str, cell_text: str) -> CellReading[str]:
    """Return the URL of a cell, from its hyperlink or else from its text, unwrapped and percent-encoded.

    A cell without a URL is flagged, unless it has no hyperlink and its text is blank, a spreadsheet error, or a word
    that says that there is no link.
    """
    cleaned_text = clean_text(cell_text)
    target_reading, text_reading = parse_url(target), parse_url(cell_text)
    if target_reading.value:
        return CellReading(target_reading.value, cleaned_text.repairs + target_reading.repairs)
    if text_reading.value:
        return text_reading
    if not target and is_spreadsheet_error(cleaned_text.value or ""):
        return CellReading(None, (Repair.ERROR_CELL,))
    is_pending = not target and match_key(cleaned_text.value or "") in NO_DOCUMENT_WORDS
    return CellReading(None, cleaned_text.repairs) if is_pending else CellReading(None, flag=Flag.NOT_A_LINK)


def parse_url(text: str) -> CellReading[str]:
    """Return the http or https URL in a text, unwrapped and percent-encoded; flag a text without one."""
    trimmed_text = text.strip(" ")
    if "//" not in trimmed_text:  # most cells only say "link"
        return CellReading(None, flag=Flag.NOT_A_LINK)
    target = unwrap_url(trimmed_text).strip(" ")
    if _UNSAFE_TEXT.search(target):
        return CellReading(None, flag=Flag.NOT_A_LINK)
    encoded_url = quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", target), safe="%/:=&?~#+!$,;'@()*[]|")
    if len(encoded_url) > MAX_URL_LENGTH or not _HOST_URL.fullmatch(encoded_url):
        return CellReading(None, flag=Flag.NOT_A_LINK)
    repairs = (Repair.LINK_UNWRAPPED,) if target != trimmed_text else ()
    return CellReading(encoded_url, repairs + ((Repair.URL_ENCODED,) if encoded_url != target else ()))


def unwrap_url(text: str) -> str:
    """Return the URL that redirectors and viewers wrap; the text itself if nothing wraps it, empty if it cannot be unwrapped."""
    for _ in range(MAX_WRAPPERS):
        target = _unwrap_once(text)
        if target == text:
            return text
        text = target
    return ""


def _unwrap_once(text: str) -> str:
    if match := _VIEWER_URL.fullmatch(text):
        return _SCHEME_SLASHES.sub(r"\1://", match[1] if "/" in match[1] else unquote(match[1]))
    try:
        if match := _URLDEFENSE_V3.fullmatch(text):
            return _fill_gaps(match[1], urlsafe_b64decode(match[2] + "==").decode())
        return _redirect_target(text)
    except ValueError:  # not a URL, or not base64
        return ""


def _redirect_target(text: str) -> str:
    """Return the URL in a redirector's query, else the text itself. Version 2 of ``urldefense`` writes percent signs as hyphens."""
    parts = urlsplit(text)
    query, dotted_host = parse_qs(parts.query), f".{parts.hostname}"
    for host, path, parameter in _REDIRECTORS:
        if dotted_host.endswith(f".{host}") and parts.path.startswith(path) and parameter in query:
            is_urldefense_v2 = "urldefense" in host and parts.path.startswith("/v2/")
            return unquote(query[parameter][0].replace("-", "%").replace("_", "/")) if is_urldefense_v2 else query[parameter][0]
    return text


def _fill_gaps(text: str, characters: str) -> str:
    """Restore a URL of ``urldefense`` version 3, which moves some characters to the end of the URL and leaves gaps."""
    remaining = iter(characters)

    def take_characters(gap: re.Match[str]) -> str:
        count = _GAP_LENGTH_CODES.find(gap[1]) + 2 if gap[1] else 1
        return "".join(islice(remaining, count))

    return _SCHEME_SLASHES.sub(r"\1://", _GAP.sub(take_characters, text))
