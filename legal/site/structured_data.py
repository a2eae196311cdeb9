"""Describe pages to machines as schema.org terms (JSON-LD), claiming no more than the page itself does."""

from legal.http.links import absolute_url
from legal.json_types import Json
from legal.site.words import capitalize, document_name, figure_title, quantity_text, roster_check_text, status_label, term_label
from legal.vocabulary import Kind, Stands

_CONTEXT = "https://schema.org"
_LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_LEGISLATION_KINDS = (Kind.BAN, Kind.MANDATE, Kind.EXECUTIVE_ORDER, Kind.PENDING_BILL)
_CREATOR = {"@type": "Organization", "name": "Legal Landscape"}


def home_data(meta: Json) -> Json:
    """Return the front page as a dataset, with its downloads."""
    downloads = (("text/csv", "/v1/map.csv"), ("application/json", "/v1/map.json"), ("application/zip", "/v1/export/landscape.zip"))
    return {
        "@context": _CONTEXT,
        **_dataset(absolute_url("/"), "Where each US state stands on working with ICE under section 287(g)", meta),
        "description": "Laws, orders, bills, suits and agreements under section 287(g) of the Immigration and Nationality Act, "
        "by state and territory, on any day, each tied to the passage it was read from.",
        "spatialCoverage": {"@type": "Country", "name": "United States"},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": absolute_url(path)} for media_type, path in downloads
        ],
    }


def state_data(card: Json) -> Json:
    """Return a jurisdiction's page as a dataset, with its laws, orders and bills."""
    url = absolute_url(f"/states/{card['slug']}")
    headline = card["headline"]["text"] if card["headline"] else "Federal measures on cooperation under section 287(g)."
    measures = [measure for slot in card["stance"].values() for measure in slot["measures"] if measure["kind"] in _LEGISLATION_KINDS]
    return {
        "@context": _CONTEXT,
        **_dataset(url, f"{card['name']}: section 287(g) cooperation with ICE", card["meta"]),
        "description": headline,
        "spatialCoverage": {"@type": "AdministrativeArea", "name": card["name"], "identifier": card["ocd_id"]},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": "application/json", "contentUrl": absolute_url(card["links"]["self"])}
        ],
        "hasPart": [_legislation(measure, card["name"]) for measure in measures],
    }


def _dataset(url: str, name: str, meta: Json) -> Json:
    return {
        "@type": "Dataset",
        "@id": url,
        "url": url,
        "name": name,
        "license": _LICENSE,
        "creator": _CREATOR,
        "isAccessibleForFree": True,
        "version": str(meta["revision"]),
        "dateModified": meta["known_at"],
        "temporalCoverage": meta["as_of"],
    }


def _legislation(measure: Json, jurisdiction: str) -> Json:
    """Return a measure as legislation. Whether it is in force is said only of a law or order that certainly is or is not."""
    force = {Stands.YES: "InForce", Stands.NO: "NotInForce"}.get(Stands(measure["stands"]))
    has_force = force and measure["kind"] != Kind.PENDING_BILL
    return {
        "@type": "Legislation",
        "url": absolute_url(f"/measures/{measure['id']}"),
        "name": measure["title"],
        "abstract": measure["summary"],
        "legislationType": term_label("kind", measure["kind"]),
        "legislationJurisdiction": jurisdiction,
        "creativeWorkStatus": status_label(measure["kind"], measure["status"]),
        **({"legislationLegalForce": f"{_CONTEXT}/{force}"} if has_force else {}),
        **({"legislationIdentifier": [identifier["number"] for identifier in measure["identifiers"]]} if measure["identifiers"] else {}),
    }


def figure_data(figure: Json, documents: dict[str, Json], as_of: str) -> Json | None:
    """Return the roster check of a figure as a review of a claim, or None if no roster can check it."""
    check = figure["roster_check"]
    if not check or not check["roster"]:
        return None
    url = absolute_url(f"/figures/{figure['id']}")
    reporting = [documents[citation["document"]] for citation in figure["citations"] if citation["document"] in documents]
    return {
        "@context": _CONTEXT,
        "@type": "ClaimReview",
        "url": url,
        "author": _CREATOR,
        "datePublished": as_of,
        "claimReviewed": f"{capitalize(quantity_text(figure))}: {figure_title(figure)}",
        "reviewBody": roster_check_text(figure),
        "reviewRating": {"@type": "Rating", "alternateName": term_label("roster_verdict", check["verdict"])},
        "itemReviewed": {
            "@type": "Claim",
            "appearance": [{"@type": "CreativeWork", "name": document_name(document)} for document in reporting],
            "author": [
                {"@type": "Organization", "name": name} for name in dict.fromkeys(d["publisher"] for d in reporting if d["publisher"])
            ],
        },
    }
