"""Checks that all drafts share: language, length, one honest line. Pure."""

from node.errors import Invalid
from node.i18n import gettext as _
from node.i18n import is_language_tag
from node.text.plain import plain_name


def checked_language(language: str, *, otherwise: str = "") -> str:
    """Return a language tag, `otherwise` if none was given.

    Raises:
        Invalid: not a BCP 47 tag.
    """
    tag = language.strip() or otherwise
    if tag and not is_language_tag(tag):
        raise Invalid({"language": _("Choose a language by its code, for example en, fr or ar.")})
    return tag


def checked_line(field: str, text: str, *, limit: int) -> str:
    """Return `text` as one honest line.

    Raises:
        Invalid: longer than `limit` characters.
    """
    line = plain_name(text, limit=limit + 1)
    if len(line) > limit:
        raise Invalid({field: too_long(limit)})
    return line


def too_long(limit: int) -> str:
    """Return the sentence for a text that is too long."""
    return _("Shorten this to %(limit)s characters.", limit=limit)
