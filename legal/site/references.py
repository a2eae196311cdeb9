"""Write the citation of a page in the formats that reference managers read: BibTeX, RIS and CSL-JSON."""

from dataclasses import dataclass
from datetime import date

import orjson
from flask import Response

from legal.http.reads import RequestContext, with_cache_headers
from legal.json_types import Json
from legal.site.words import day_text

_AUTHOR = "Legal Landscape"
_MEDIA_TYPES = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "json": "application/vnd.citationstyles.csl+json",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A page at one snapshot, as something to cite. ``url`` pins the snapshot, ``published`` is the day of its revision.

    It has no access date: a pinned page never changes, and reference managers add the date.
    """

    key: str
    title: str
    url: str
    published: date
    note: str

    @property
    def plain(self) -> str:
        """Return the citation as a sentence for a footnote."""
        return f"{_AUTHOR}, “{self.title},” {self.note}, recorded {day_text(self.published)}, {self.url}"

    @property
    def bibtex(self) -> str:
        """Return the citation as BibTeX."""
        fields = {
            "author": f"{{{_AUTHOR}}}",
            "title": f"{_escape_bibtex(self.title)}",
            "year": str(self.published.year),
            "month": f"{self.published:%m}".lstrip("0"),
            "url": self.url,
            "note": _escape_bibtex(self.note),
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{{self.key},\n{lines}\n}}\n"

    @property
    def ris(self) -> str:
        """Return the citation as RIS."""
        lines = (
            ("TY", "ELEC"),
            ("AU", f"{_AUTHOR},"),
            ("TI", self.title),
            ("PY", str(self.published.year)),
            ("DA", f"{self.published:%Y/%m/%d}"),
            ("UR", self.url),
            ("N1", self.note),
            ("ER", ""),
        )
        return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)

    @property
    def csl(self) -> list[Json]:
        """Return the citation as CSL-JSON: a list of one item."""
        return [
            {
                "id": self.key,
                "type": "webpage",
                "author": [{"literal": _AUTHOR}],
                "title": self.title,
                "issued": {"date-parts": [[self.published.year, self.published.month, self.published.day]]},
                "URL": self.url,
                "note": self.note,
            }
        ]

    @property
    def csl_text(self) -> str:
        """Return the citation as CSL-JSON text."""
        return orjson.dumps(self.csl, option=orjson.OPT_INDENT_2).decode()


def state_reference(card: Json, url: str) -> Reference:
    """Return the reference of a jurisdiction's page at the snapshot of its card."""
    meta = card["meta"]
    return Reference(
        key=f"legal-landscape-{card['slug']}-{meta['as_of']}-r{meta['revision']}",
        title=f"{card['name']}: section 287(g) cooperation with ICE",
        url=url,
        published=date.fromisoformat(meta["known_at"][:10]),
        note=f"as of {day_text(meta['as_of'])}, revision {meta['revision']}, rule pack {meta['rules']}",
    )


def reference_response(reference: Reference, format_name: str, ctx: RequestContext) -> Response:
    """Return a reference as a download in one of the formats."""
    text = {"bib": reference.bibtex, "ris": reference.ris, "json": reference.csl_text}[format_name]
    response = Response(text, content_type=f"{_MEDIA_TYPES[format_name]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{reference.key}.{format_name}"'
    return with_cache_headers(response, ctx)


def _escape_bibtex(text: str) -> str:
    return text.replace("&", r"\&").replace("%", r"\%").replace("#", r"\#").replace("_", r"\_")
