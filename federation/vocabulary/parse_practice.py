"""Read the nested `practice` object of an Article. Pure."""

from collections.abc import Mapping

from federation.vocabulary import limits
from federation.vocabulary.fields import Fields, as_list, clean, decimal_of, language_tag
from federation.vocabulary.types import Document, NoteDocument, PracticeDocument

_OWN_MEMBERS = frozenset(
    {"schemaVersion", "version", "kind", "language", "license", "contributors", "record", "recordDigest"}
)
_MEMBERS = 100


def parse_practice(note: NoteDocument, practice: Document, *, relaxed: bool) -> PracticeDocument:
    """Read a practice record.

    Args:
        note: the Article around it.
        practice: its `practice` member.

    Returns:
        The record; members that are neither text, number nor a list of them stay in `note.document`.
    """
    fields = Fields(practice, relaxed)
    return PracticeDocument(
        note=note,
        schema_version=fields.number("schemaVersion") or 0,
        version=fields.number("version") or 0,
        kind=fields.code("kind"),
        language=language_tag(practice.get("language")) or note.language,
        license=fields.code("license"),
        codes=_codes(practice),
        contributors=_texts(practice.get("contributors"), limits.CONTRIBUTORS),
        record=fields.uri("record"),
        record_digest=clean(practice.get("recordDigest"), limits.FIELD_CHARACTERS) or None,
    )


def _codes(practice: Document) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in list(practice)[:_MEMBERS]:
        values = _texts(practice[name], limits.PROPOSALS)
        if name not in _OWN_MEMBERS and values:
            found[name[: limits.CODE_CHARACTERS]] = values
    return found


def _texts(value: object, limit: int) -> tuple[str, ...]:
    texts = (_scalar(each) for each in as_list(value, limit))
    return tuple(text for text in texts if text)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value) if decimal_of(value) is not None else ""
    return clean(value, limits.SUMMARY_CHARACTERS) if isinstance(value, str) else ""
