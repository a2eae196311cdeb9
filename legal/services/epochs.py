"""Begin a new epoch of the record, so that no cache and no permalink mistakes its revisions for earlier ones of the same numbers."""

from datetime import UTC, datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from legal.db.epoch import make_epoch_token
from legal.models import RecordEpoch


def begin_epoch(session: Session, reason: str) -> str:
    """Replace the record's epoch by a new one and return its token. ``reason`` is a sentence for operators."""
    token = make_epoch_token()
    session.execute(delete(RecordEpoch))
    session.execute(insert(RecordEpoch).values(key=1, token=token, started_at=datetime.now(UTC), reason=reason))
    return token
