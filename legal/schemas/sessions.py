"""Schemas of the legislative sessions in the seeds, as the CSV file has them: every value is text."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from legal.rules.horizons import LegislativeSession
from legal.schemas.base import PATTERN_END, StrictSchema, TextField


class LegislativeSessionDraft(StrictSchema):
    """A session of a legislature, with its first and last day; both may be scheduled days."""

    jurisdiction = fields.String(required=True, validate=validate.Regexp(rf"^[A-Z]{{2}}{PATTERN_END}"))
    identifier = TextField(100, required=True)
    name = TextField(300, required=True)
    classification = TextField(100, required=True, allow_none=True)
    start = fields.Date(required=True)
    end = fields.Date(required=True)

    @validates_schema
    def check_order(self, data: Mapping[str, Any], **_: object) -> None:
        """Check that the session does not end before it begins."""
        if data["end"] < data["start"]:
            raise ValidationError("The session ends before it begins.", "end")

    @post_load
    def make_session(self, data: Mapping[str, Any], **_: object) -> LegislativeSession:
        """Return the session as the horizon rules read it."""
        return LegislativeSession(data["jurisdiction"], data["name"], data["start"], data["end"])


class SessionsFile(StrictSchema):
    """The seed file with the sessions of legislatures."""

    sessions = fields.List(fields.Nested(LegislativeSessionDraft), required=True)
