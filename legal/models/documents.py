"""Documents we read, with their source and how much of their text may be shown."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, composite, mapped_column

from legal.models.base import Base, VersionMixin, allowed_values, date_checks, version_constraints
from legal.rules.dates import EdtfDate
from legal.vocabulary import DocumentType, Serve


class Document(Base):
    """The permanent identity of a document."""

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)


class DocumentVersion(VersionMixin, Base):
    """One version of a document's metadata. The text of the document is not in this table."""

    __tablename__ = "document_versions"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    type: Mapped[str]
    file: Mapped[str] = mapped_column(comment="the file's name as received")
    title: Mapped[str | None]
    publisher: Mapped[str | None]
    author: Mapped[str | None]
    republishes: Mapped[str | None] = mapped_column(comment="the publication whose article this copies")
    published: Mapped[EdtfDate] = composite(
        mapped_column("published_edtf"),
        mapped_column("published_earliest"),
        mapped_column("published_latest"),
        mapped_column("published_basis"),
    )
    url: Mapped[str | None]
    archive_url: Mapped[str | None]
    accessed: Mapped[EdtfDate] = composite(
        mapped_column("accessed_edtf"),
        mapped_column("accessed_earliest"),
        mapped_column("accessed_latest"),
        mapped_column("accessed_basis"),
    )
    sha256: Mapped[str] = mapped_column(String(64), comment="of the file's bytes")
    paragraphs: Mapped[int | None] = mapped_column(comment="non-blank lines; null for a roster, which has rows")
    characters: Mapped[int | None] = mapped_column(comment="code points, in which citations count offsets; null for a roster")
    origin: Mapped[str | None] = mapped_column(ForeignKey("origins.id"))
    serve: Mapped[str]
    note: Mapped[str | None]
    set_aside: Mapped[list[dict[str, Any]]] = mapped_column(comment="paragraphs that nothing cites, with reasons")

    __table_args__ = (
        *version_constraints("document", "document_versions"),
        allowed_values("type", DocumentType),
        allowed_values("serve", Serve),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("paragraphs >= 0 AND characters >= paragraphs", name="paragraphs"),
        CheckConstraint("(type = 'roster') = (paragraphs IS NULL) AND (type = 'roster') = (characters IS NULL)", name="text"),
        *date_checks("published"),
        *date_checks("accessed"),
    )
