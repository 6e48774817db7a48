"""Read attachments, pictures and tags. Every link in the result is http or https. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from federation.vocabulary import limits
from federation.vocabulary.fields import Fields, as_list, clean, decimal_of, is_object, type_of, web_link
from federation.vocabulary.types import Attachment, Emoji, Hashtag, LinkTag, Mention

_HASHTAG_CHARACTERS = 100


def attachments(fields: Fields) -> tuple[Attachment, ...]:
    """Return files and links of `attachment`, at most the cap; facts without link are left out."""
    given = as_list(fields.get("attachment"), limits.ATTACHMENTS)
    found = (attachment_of(each, relaxed=fields.relaxed) for each in given)
    return tuple(each for each in found if each)


def media_of(fields: Fields, kind: str) -> tuple[Attachment, ...]:
    """Return the file that an Image, Video or Audio is about, and a still picture of it. Spec: PeerTube, Funkwhale."""
    wanted = f"{kind.lower()}/"
    found = []
    for value in as_list(fields.get("url"), limits.ATTACHMENTS):
        file = attachment_of(value, relaxed=fields.relaxed) if is_object(value) else None
        if file is not None and (file.media_type or "").startswith(wanted):
            found.append(replace(file, type=kind, alt=file.alt or fields.text("name", limits.ALT_CHARACTERS)))
            break
    still = picture(fields, "image") or picture(fields, "icon")
    return (*found, still) if still else tuple(found)


def picture(fields: Fields, name: str) -> Attachment | None:
    """Return the first picture in member `name`: a URL, an Image, a Link or a list of them."""
    for value in as_list(fields.get(name), limits.ATTACHMENTS):
        found = attachment_of(value, relaxed=fields.relaxed)
        if found:
            return found
    return None


def attachment_of(value: object, *, relaxed: bool) -> Attachment | None:
    """Return one file or link, None if it has no http or https URL."""
    if not is_object(value):
        url = web_link(value, relaxed=relaxed)
        return Attachment("Link", url, None, "") if url else None
    fields = Fields(value, relaxed)
    found = _file(fields)
    if found is None:
        return None
    url, media_type = found
    return Attachment(
        type=type_of(value.get("type")),
        url=url,
        media_type=media_type,
        alt=fields.text("summary", limits.ALT_CHARACTERS) or fields.text("name", limits.ALT_CHARACTERS),
        width=fields.number("width"),
        height=fields.number("height"),
        blurhash=fields.code("blurhash") or None,
        focal_point=_focal_point(value.get("focalPoint")),
    )


def _file(fields: Fields) -> tuple[str, str | None] | None:
    own = fields.code("mediaType") or None
    for value in (*as_list(fields.get("url"), limits.ATTACHMENTS), fields.get("href")):
        inner = Fields(value, fields.relaxed) if is_object(value) else None
        url = web_link((inner.get("href") or inner.get("url")) if inner else value, relaxed=fields.relaxed)
        if url:
            return url, (inner.code("mediaType") or own) if inner else own
    return None


def _focal_point(value: object) -> tuple[float, float] | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    x, y = decimal_of(value[0]), decimal_of(value[1])
    return (x, y) if x is not None and y is not None and abs(x) <= 1 and abs(y) <= 1 else None


def _tags(fields: Fields, kind: str) -> Iterator[Fields]:
    for value in as_list(fields.get("tag"), limits.TAGS):
        if is_object(value) and type_of(value.get("type")) == kind:
            yield Fields(value, fields.relaxed)


def mentions(fields: Fields) -> tuple[Mention, ...]:
    """Return the actors named in `tag`."""
    return tuple(
        Mention(href, tag.text("name", limits.NAME_CHARACTERS))
        for tag in _tags(fields, "Mention")
        if (href := tag.uri("href"))
    )


def hashtags(fields: Fields) -> tuple[Hashtag, ...]:
    """Return the topics in `tag`, each once whatever its case."""
    found: dict[str, Hashtag] = {}
    for tag in _tags(fields, "Hashtag"):
        name = tag.text("name", _HASHTAG_CHARACTERS).strip().lstrip("#")
        if name:
            found.setdefault(name.casefold(), Hashtag(name, web_link(tag.get("href"), relaxed=tag.relaxed)))
    return tuple(found.values())


def emoji(fields: Fields) -> tuple[Emoji, ...]:
    """Return the pictures for short codes in `tag`."""
    return tuple(
        Emoji(name, icon.url, tag.optional_id())
        for tag in _tags(fields, "Emoji")
        if (name := tag.code("name")) and (icon := picture(tag, "icon"))
    )


def link_tags(fields: Fields) -> tuple[LinkTag, ...]:
    """Return the typed links in `tag`. Spec: FEP-e232."""
    return tuple(
        LinkTag(
            href,
            clean(next(iter(as_list(tag.get("rel"), 1)), None), limits.NAME_CHARACTERS),
            tag.text("name", limits.NAME_CHARACTERS),
            tag.code("mediaType") or None,
        )
        for tag in _tags(fields, "Link")
        if (href := web_link(tag.get("href"), relaxed=tag.relaxed))
    )
