"""Citations point from a version of a measure or figure to a span of a document."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from legal.models.base import Base, allowed_values
from legal.vocabulary import Role, SpeechAct


class Citation(Base):
    """A pointer to a passage: its location, its hash, its role, and the speakers to whom the passage attributes the statement."""

    __tablename__ = "citations"

    key: Mapped[int] = mapped_column(primary_key=True)
    measure_version: Mapped[int | None] = mapped_column(ForeignKey("measure_versions.key"))
    figure_version: Mapped[int | None] = mapped_column(ForeignKey("figure_versions.key"))
    position: Mapped[int]
    document: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    paragraph: Mapped[int] = mapped_column(comment="counts the document's non-blank lines from 1")
    start: Mapped[int] = mapped_column(comment="code points from the start of the text")
    end: Mapped[int] = mapped_column(comment="the code point after the last")
    sha256: Mapped[str] = mapped_column(String(64), comment="of the span, in UTF-8")
    role: Mapped[str]
    speech_act: Mapped[str]
    attributed_to: Mapped[list[str]] = mapped_column(comment="names, nearest first")
    origin: Mapped[str | None] = mapped_column(ForeignKey("origins.id"))
    note: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("(measure_version IS NULL) <> (figure_version IS NULL)", name="one_owner"),
        Index("uq_citations_measure_version_position", "measure_version", "position", unique=True),
        Index("uq_citations_figure_version_position", "figure_version", "position", unique=True),
        CheckConstraint("paragraph >= 1", name="paragraph"),
        CheckConstraint('start >= 0 AND "end" > start', name="span"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        allowed_values("role", Role),
        allowed_values("speech_act", SpeechAct),
    )
