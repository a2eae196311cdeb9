"""Citations point from a version of a measure, figure or contradiction, or from a provision of a measure, to a span of a document."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from legal.models.base import Base, allowed_values, open_version_index
from legal.vocabulary import Role, SpeechAct

_OWNERS = ("measure_version", "figure_version", "contradiction_version")
_ONE_OWNER = " + ".join(f"(CASE WHEN {owner} IS NULL THEN 0 ELSE 1 END)" for owner in _OWNERS) + " = 1"


class Citation(Base):
    """A pointer to a passage: its location, its hash, its role, and the speakers to whom the passage attributes the statement."""

    __tablename__ = "citations"

    key: Mapped[int] = mapped_column(primary_key=True)
    measure_version: Mapped[int | None] = mapped_column(ForeignKey("measure_versions.key"))
    figure_version: Mapped[int | None] = mapped_column(ForeignKey("figure_versions.key"))
    contradiction_version: Mapped[int | None] = mapped_column(ForeignKey("contradiction_versions.key"))
    provision: Mapped[int | None] = mapped_column(ForeignKey("provisions.key"), comment="the provision of the measure that it is about")
    position: Mapped[int]
    document: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    paragraph: Mapped[int] = mapped_column(comment="counts the document's non-blank lines from 1")
    start: Mapped[int] = mapped_column(comment="code points from the start of the text")
    end: Mapped[int] = mapped_column(comment="the code point after the last")
    sha256: Mapped[str] = mapped_column(String(64), comment="of the span, in UTF-8")
    role: Mapped[str]
    speech_act: Mapped[str]
    attributed_to: Mapped[list[str]] = mapped_column(comment="names, nearest first")
    origin: Mapped[str | None] = mapped_column(ForeignKey("origins.id"))
    note: Mapped[str | None]
    revision_to: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.number"), comment="its version's, so that a document's citations are found among the open ones"
    )

    __table_args__ = (
        open_version_index("citations", "document"),
        CheckConstraint(_ONE_OWNER, name="one_owner"),
        CheckConstraint("provision IS NULL OR measure_version IS NOT NULL", name="provision_owner"),
        Index("uq_citations_measure_version_position", "measure_version", "position", unique=True),
        Index("uq_citations_figure_version_position", "figure_version", "position", unique=True),
        Index("uq_citations_contradiction_version_position", "contradiction_version", "position", unique=True),
        CheckConstraint("paragraph >= 1", name="paragraph"),
        CheckConstraint('start >= 0 AND "end" > start', name="span"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        allowed_values("role", Role),
        allowed_values("speech_act", SpeechAct),
    )
