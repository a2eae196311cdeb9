"""Models of the tables; importing this package maps all of them."""

from legal.models.base import Base
from legal.models.citations import Citation
from legal.models.contradictions import Contradiction, ContradictionVersion
from legal.models.documents import Document, DocumentVersion
from legal.models.figures import Figure, FigureVersion
from legal.models.jurisdictions import Jurisdiction
from legal.models.measures import Event, Measure, MeasureLink, MeasureVersion, Provision, StatusPeriod
from legal.models.origins import Origin, OriginVersion
from legal.models.record_epoch import RecordEpoch
from legal.models.revisions import Change, ChangeCount, ChangeSeries, Revision
from legal.models.rosters import (
    Agency,
    Agreement,
    AgreementDeparture,
    DoubtfulSignature,
    Rename,
    RenameVersion,
    Roster,
    RosterRow,
    RosterVersion,
)
from legal.models.search import SearchEntry, SearchWords

__all__ = [
    "Agency",
    "Agreement",
    "AgreementDeparture",
    "Base",
    "Change",
    "ChangeCount",
    "ChangeSeries",
    "Citation",
    "Contradiction",
    "ContradictionVersion",
    "Document",
    "DocumentVersion",
    "DoubtfulSignature",
    "Event",
    "Figure",
    "FigureVersion",
    "Jurisdiction",
    "Measure",
    "MeasureLink",
    "MeasureVersion",
    "Origin",
    "OriginVersion",
    "Provision",
    "RecordEpoch",
    "Rename",
    "RenameVersion",
    "Revision",
    "Roster",
    "RosterRow",
    "RosterVersion",
    "SearchEntry",
    "SearchWords",
    "StatusPeriod",
]
