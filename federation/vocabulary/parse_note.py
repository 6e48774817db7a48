"""Read everything that is shown like a post. Pure."""

from federation.errors import Malformed
from federation.names import canonical_uri
from federation.vocabulary import limits
from federation.vocabulary.fields import Fields, as_list, clean, is_object
from federation.vocabulary.parse_media import attachments, emoji, hashtags, link_tags, media_of, mentions, picture
from federation.vocabulary.types import NoteDocument, Poll, PollOption, Source

NOTE_TYPES = frozenset({"Note", "Article", "Page", "Question", "Image", "Video", "Audio", "Document"})

MEDIA_TYPES = frozenset({"Image", "Video", "Audio"})


def author_of(fields: Fields) -> str:
    """Return the owner: `attributedTo`, of several the first, or `actor` where that is missing.

    Raises:
        Malformed: there is no owner, or the first one is no https URI. V-N01.
    """
    value = fields.get("attributedTo")
    if value is None:
        value = fields.get("actor")
    if isinstance(value, list):
        value = value[0] if value else None
    if is_object(value):
        value = value.get("id", value.get("@id"))
    if value is None:
        raise Malformed("an object without owner")
    return canonical_uri(value, relaxed=fields.relaxed).text


def parse_note(fields: Fields, kind: str) -> NoteDocument:
    """Read the parts that every text has.

    Args:
        kind: the type that was recognised.

    Raises:
        Malformed: id or owner is no https URI.
    """
    uri = fields.id()
    author = author_of(fields)
    to, cc = fields.addressing()
    return NoteDocument(
        id=uri.text,
        type=kind,
        attributed_to=author,
        actor=fields.uri("actor"),
        name=fields.text("name", limits.NAME_CHARACTERS),
        summary=fields.text("summary", limits.SUMMARY_CHARACTERS),
        content_html=fields.text("content", limits.CONTENT_CHARACTERS),
        media_type=fields.code("mediaType") or None,
        language=fields.language(),
        in_reply_to=fields.uri("inReplyTo"),
        context=fields.uri("context"),
        conversation=clean(fields.get("conversation"), limits.ID_CHARACTERS) or None,
        to=to,
        cc=cc,
        audience=fields.recipients("audience"),
        published=fields.moment("published"),
        updated=fields.moment("updated"),
        url=fields.link("url") or uri.text,
        attachments=attachments(fields) or (media_of(fields, kind) if kind in MEDIA_TYPES else ()),
        image=picture(fields, "image"),
        mentions=mentions(fields),
        hashtags=hashtags(fields),
        emoji=emoji(fields),
        links=link_tags(fields),
        sensitive=fields.flag("sensitive"),
        source=_source(fields),
        poll=_poll(fields) if kind == "Question" else None,
        quote=_quote(fields),
        quote_authorization=fields.uri("quoteAuthorization"),
        replies=fields.reference("replies"),
        document=fields.document,
    )


def _source(fields: Fields) -> Source | None:
    source = fields.inner("source")
    content = source.text("content", limits.CONTENT_CHARACTERS)
    return Source(content, source.code("mediaType") or None) if content else None


def _quote(fields: Fields) -> str | None:
    names = ("quote", "quoteUri", "quoteUrl", "_misskey_quote")
    return next((uri for name in names if (uri := fields.uri(name))), None)


def _poll(fields: Fields) -> Poll | None:
    name = "anyOf" if fields.get("anyOf") else "oneOf"
    options = []
    for value in as_list(fields.get(name), limits.POLL_OPTIONS):
        if not is_object(value):
            continue
        option = Fields(value, fields.relaxed)
        label = option.text("name", limits.POLL_OPTION_CHARACTERS)
        options.append(PollOption(label, option.inner("replies").number("totalItems") or 0))
    if not options:
        return None
    return Poll(
        options=tuple(options),
        multiple=name == "anyOf",
        ends_at=fields.moment("endTime"),
        closed_at=fields.moment("closed"),
        voters=fields.number("votersCount"),
    )
