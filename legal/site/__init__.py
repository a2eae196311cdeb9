"""Serve the HTML pages."""

from typing import Any

from flask import Blueprint, Flask
from jinja2 import StrictUndefined
from markupsafe import Markup

from legal.http.links import absolute_url
from legal.json_types import Json
from legal.rules.evidence import DOCUMENT_STALE_MONTHS, ROSTER_STALE_AFTER
from legal.rules.posture import POSTURE_RULES
from legal.site import assets, docs, errors, glossary, words
from legal.site.map_drawing import pattern_id
from legal.site.pages import set_security_headers
from legal.site.views import changes, check, compare, discovery, home, lists, pieces, records, reference, search, states

_VIEW_MODULES = (docs, assets, home, states, records, lists, compare, check, search, changes, reference, pieces, discovery)
NAVIGATION = (
    ("/", "Map"),
    ("/measures", "Measures"),
    ("/agreements", "Agreements"),
    ("/figures", "Figures"),
    ("/compare", "Compare"),
    ("/check", "Check"),
    ("/changes", "Changes"),
    ("/methods", "Methods"),
    ("/docs", "API"),
)
"""The pages of the menu: path and label."""


def register(app: Flask) -> None:
    """Register the pages, and the words that their templates use, on the app."""
    site = Blueprint("site", __name__, template_folder="templates")
    for view_module in _VIEW_MODULES:
        site.register_blueprint(view_module.blueprint)
    app.register_blueprint(site)
    app.after_request(set_security_headers)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters.update(_filters())
    app.jinja_env.globals.update(_globals())


def _filters() -> dict[str, Any]:
    return {
        "date": words.date_text,
        "day": words.day_text,
        "time": words.time_text,
        "count": words.number_with_noun,
        "capitalized": words.capitalize,
        "decapitalized": words.decapitalize,
        "listed": words.list_text,
        "changed_value": words.changed_value_text,
        "sentence": words.end_sentence,
        "document_name": words.document_name,
        "figure_title": words.figure_title,
        "quantity": words.quantity_text,
        "interval": words.interval_text,
        "roster_check": words.roster_check_text,
        "reason": words.reason_text,
        "speech": words.speech_text,
        "stands": words.stands_text,
        "plain": words.plain_words,
        "newest_first": sort_newest_first,
        "conflict_ids": conflict_figure_ids,
        "inline_markdown": render_inline_markdown,
    }


def _globals() -> dict[str, Any]:
    return {
        "navigation": NAVIGATION,
        "asset_path": assets.asset_path,
        "glossary_entry": lambda word: glossary.entries_by_word()[word],
        "label": words.term_label,
        "labels": words.labels_text,
        "term_choices": words.term_choices,
        "api_filters": api_filters,
        "definition": words.term_definition,
        "status_label": words.status_label,
        "status_definition": words.status_definition,
        "event_label": words.event_label,
        "days_between": words.days_between,
        "roster_stale_days": ROSTER_STALE_AFTER.days,
        "document_stale_months": DOCUMENT_STALE_MONTHS,
        "pattern_id": pattern_id,
        "page_path": page_path,
        "markup": Markup,
        "absolute_url": absolute_url,
        "oembed_path": pieces.oembed_path,
        "suggested_path": errors.suggested_path,
        "rules_in_order": len(POSTURE_RULES),
    }


def render_inline_markdown(text: str) -> Markup:
    """Return one line of Markdown as HTML without the paragraph around it."""
    from legal.site import markdown  # noqa: PLC0415 - mistune is imported for the first page that needs it, not at start

    return markdown.render_inline_markdown(text)


def sort_newest_first(measures: list[Json]) -> list[Json]:
    """Return measures by the newest day of their effect or events, latest first; those without a date come last."""
    return sorted(measures, key=_newest_day, reverse=True)


def _newest_day(measure: Json) -> str:
    dates = [measure["effective"]["from"], *(event["date"] for event in measure["events"])]
    return max((when["earliest"] or "" for when in dates), default="")


def conflict_figure_ids(figures: list[Any]) -> list[str]:
    """Return the ids of a conflict's figures, which a card gives as ids and the list of conflicts as objects."""
    return [figure if isinstance(figure, str) else figure["id"] for figure in figures]


def api_filters(filters: Json, **parameters: str) -> dict[str, str]:
    """Return the filters of a list as parameters of the API's list, with others added."""
    texts = {name: ",".join(map(str, value)) if isinstance(value, list) else str(value) for name, value in filters.items()}
    return {**texts, **parameters}


def page_path(path: str) -> str:
    """Return the path of the HTML page for a path of the API."""
    return path.removeprefix("/v1").replace("/jurisdictions/", "/states/")
