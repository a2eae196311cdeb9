"""Schemas of the roster counts in the seeds. The counts come from CSV files, so every value is text."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from legal.schemas.base import PATTERN_END, Sha256Field, StrictSchema, TextField
from legal.vocabulary import Model


def _count(minimum: int = 0) -> fields.Integer:
    return fields.Integer(required=True, validate=validate.Range(min=minimum, max=1_000_000))


class JurisdictionCounts(StrictSchema):
    """The agreements of one jurisdiction on a roster, by model, and its distinct agencies."""

    jurisdiction = fields.String(required=True, validate=validate.Regexp(rf"^[A-Z]{{2}}{PATTERN_END}"))
    jail_enforcement = _count()
    task_force = _count()
    warrant_service_officer = _count()
    agencies = _count(minimum=1)

    @validates_schema
    def check_agencies(self, data: Mapping[str, Any], **_: object) -> None:
        """Check that each agency has at least one agreement and at most one under each model."""
        models = [data[model] for model in Model]
        if not max(models) <= data["agencies"] <= sum(models):
            raise ValidationError("An agency has at least one agreement, and at most one under each model.", "agencies")


class CountedRoster(StrictSchema):
    """A published roster of participating agencies, with its counts."""

    file = TextField(300, required=True)
    date = fields.Date(required=True)
    seen_again = fields.Date(required=True, allow_none=True)
    sha256 = Sha256Field(required=True)
    rows = _count()
    agreements = _count()
    agencies = _count()
    states = _count()
    territories = _count()
    counts = fields.List(fields.Nested(JurisdictionCounts), required=True)

    @validates_schema
    def check_totals(self, data: Mapping[str, Any], **_: object) -> None:
        """Check that the counts by jurisdiction add up to the totals, and that no jurisdiction occurs twice."""
        counts = data["counts"]
        totals = {
            "agreements": sum(row[model] for row in counts for model in Model),
            "agencies": sum(row["agencies"] for row in counts),
        }
        errors = {
            unit: [f"The counts by jurisdiction add up to {total}, not {data[unit]}."]
            for unit, total in totals.items()
            if total != data[unit]
        }
        if (
            len({row["jurisdiction"] for row in counts}) != data["states"] + data["territories"]
            or len(counts) != data["states"] + data["territories"]
        ):
            errors["counts"] = ["States and territories do not add up to the jurisdictions with counts, or one has two counts."]
        if data["rows"] < data["agreements"]:
            errors["rows"] = ["A roster has at least as many rows as agreements."]
        if data["seen_again"] and data["seen_again"] <= data["date"]:
            errors["seen_again"] = ["This day must be after the date of the roster."]
        if errors:
            raise ValidationError(errors)


class CountedRostersFile(StrictSchema):
    """The rosters in ``lists.csv``, each with its rows in ``counts.csv``."""

    rosters = fields.List(fields.Nested(CountedRoster), required=True)
