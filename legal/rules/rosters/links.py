"""The address that a roster's link means: taken out of what mail scanners and viewers wrap around it, and fit to be followed."""

import re
from base64 import urlsafe_b64decode
from itertools import islice
from urllib.parse import parse_qs, quote, unquote, urlsplit

from legal.rules.rosters.normalize import folded, is_error, key
from legal.rules.rosters.parsed import Reading
from legal.vocabulary import Doubt, Mend

LONGEST = 2000
DEEPEST = 10
"""Wrappers within wrappers."""

NO_LINK_YET = {"", "linkpending", "pending", "tbd", "tba", "none"}
"""What stands where there is no document to lead to yet."""

WRAPPERS = (
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
"""Hosts, with those below them, which under a path lead on to what a parameter of theirs says."""
VIEWER = re.compile(r"(?:chrome|edge|moz|extension)(?:-extension)?://[^/]*/(.*)", re.IGNORECASE)
SLASHES = re.compile(r"^(https?):/+", re.IGNORECASE)
"""A viewer's address keeps one of two slashes."""
DEFENDED = re.compile(r"https?://urldefense\.[a-z.]+/v3/__(.+?)__;([\w=-]*)(?:[^\w=-].*)?", re.IGNORECASE)
GAP = re.compile(r"\*(?:\*(.))?")
RUNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""How many characters a gap ``**A`` stands for: two, and so on."""

ADDRESS = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*(?::[0-9]{1,5})?(?:[/?#].*)?", re.IGNORECASE)
"""An address with a host's name, and with nobody's name or password."""
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]|\s\S*://")
"""Control characters, and a second address behind the first."""


def link(target: str, printed: str) -> Reading[str]:
    """The address that a cell leads to, by its link or else by its text, percent-encoded and out of its wrappers.

    No link at all is in order where the text is blank or says that there is none yet; a stray word is in doubt.
    """
    text = folded(printed)
    led, read = address(target), address(printed)
    if led.value:
        return Reading(led.value, text.mends + led.mends)
    if read.value:
        return read
    if not target and is_error(text.value or ""):
        return Reading(None, (Mend.ERROR_CELL,))
    waits = not target and key(text.value or "") in NO_LINK_YET
    return Reading(None, text.mends) if waits else Reading(None, doubt=Doubt.NOT_A_LINK)


def address(text: str) -> Reading[str]:
    """The http or https address that a text is, or that it wraps."""
    plain = text.strip(" ")
    if "//" not in plain:  # most cells say no more than "link"
        return Reading(None, doubt=Doubt.NOT_A_LINK)
    inner = unwrapped(plain).strip(" ")
    if UNSAFE.search(inner):
        return Reading(None, doubt=Doubt.NOT_A_LINK)
    encoded = quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", inner), safe="%/:=&?~#+!$,;'@()*[]|")
    if len(encoded) > LONGEST or not ADDRESS.fullmatch(encoded):
        return Reading(None, doubt=Doubt.NOT_A_LINK)
    unwrap = (Mend.LINK_UNWRAPPED,) if inner != plain else ()
    return Reading(encoded, unwrap + ((Mend.URL_ENCODED,) if encoded != inner else ()))


def unwrapped(text: str) -> str:
    """What redirectors and viewers lead on to, or the text itself; nothing where that cannot be made out."""
    for _ in range(DEEPEST):
        inside = _inside(text)
        if inside == text:
            return text
        text = inside
    return ""


def _inside(text: str) -> str:
    if viewed := VIEWER.fullmatch(text):
        return SLASHES.sub(r"\1://", viewed[1] if "/" in viewed[1] else unquote(viewed[1]))
    try:
        if defended := DEFENDED.fullmatch(text):
            return _filled(defended[1], urlsafe_b64decode(defended[2] + "==").decode())
        return _led_to(text)
    except ValueError:  # no address, or no base 64
        return ""


def _led_to(text: str) -> str:
    """What a redirector's query leads to; ``urldefense`` 2 writes its percent signs as hyphens."""
    parts = urlsplit(text)
    said, below = parse_qs(parts.query), f".{parts.hostname}"
    for host, path, name in WRAPPERS:
        if below.endswith(f".{host}") and parts.path.startswith(path) and name in said:
            second = "urldefense" in host and parts.path.startswith("/v2/")
            return unquote(said[name][0].replace("-", "%").replace("_", "/")) if second else said[name][0]
    return text


def _filled(text: str, left_out: str) -> str:
    """The address of a ``urldefense`` 3, with the characters that it keeps behind it back in their gaps."""
    signs = iter(left_out)

    def signs_of(gap: re.Match[str]) -> str:
        count = RUNS.find(gap[1]) + 2 if gap[1] else 1
        return "".join(islice(signs, count))

    return SLASHES.sub(r"\1://", GAP.sub(signs_of, text))
