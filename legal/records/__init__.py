"""What we keep: the tables, gathered here so that the mapping is complete."""

from legal.records.base import Base
from legal.records.changes import Change
from legal.records.citations import Citation
from legal.records.documents import Document, DocumentVersion
from legal.records.figures import Figure, FigureVersion
from legal.records.jurisdictions import Jurisdiction
from legal.records.measures import Event, Measure, MeasureVersion
from legal.records.origins import Origin, OriginVersion
from legal.records.revisions import Revision
from legal.records.rosters import Agency, Agreement, Roster, RosterRow, RosterVersion
from legal.records.search import SearchEntry

__all__ = [
    "Agency",
    "Agreement",
    "Base",
    "Change",
    "Citation",
    "Document",
    "DocumentVersion",
    "Event",
    "Figure",
    "FigureVersion",
    "Jurisdiction",
    "Measure",
    "MeasureVersion",
    "Origin",
    "OriginVersion",
    "Revision",
    "Roster",
    "RosterRow",
    "RosterVersion",
    "SearchEntry",
]
