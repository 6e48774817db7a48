"""Pictures beside a text: ours from the media folder, foreign ones by their address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from node.community import addresses
from node.community.once import Columns
from node.community.tables import insert_all
from node.database import few_sizes, marks, rows
from node.errors import Invalid
from node.i18n import gettext as _
from node.models import Actor, Attachment, Media

MOST_PICTURES = 4
MOST_FOREIGN = 16
LONGEST_ALT = 1500
MOST_PIXELS = 100_000
_BESIDE = (
    "SELECT attachment.object_uri, attachment.url, attachment.media_type, attachment.alt, attachment.width, "
    "attachment.height, media.public_id AS media_id, media.path, media.thumbnail_path "
    "FROM attachment LEFT JOIN media ON media.id = attachment.media_id "
    "WHERE attachment.object_uri IN ({some}) ORDER BY attachment.position, attachment.id"
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a member adds.

    Args:
        media_id: public id of the uploaded file.
        alt: what it shows, for those who can't see it.
    """

    media_id: str
    alt: str


@dataclass(frozen=True, slots=True)
class ForeignAttachment:
    """A file beside a foreign text."""

    url: str
    media_type: str = ""
    alt: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture or file as pages show it; `media_id` is empty for foreign ones."""

    url: str
    media_type: str
    alt: str
    width: int | None
    height: int | None
    media_id: str = ""
    thumbnail_url: str | None = None


async def chosen(pictures: Iterable[Picture], *, owner: Actor, already_at: str = "") -> list[tuple[Media, str]]:
    """Return the uploaded files that a draft names, each with its description.

    Args:
        owner: who uploaded them.
        already_at: an object whose pictures may stay, whoever uploaded them.

    Raises:
        Invalid: too many, not the member's own, or without a description.
    """
    wanted = list(pictures)
    if len(wanted) > MOST_PICTURES:
        raise Invalid({"pictures": _("A post carries up to 4 pictures. Take some away.")})
    known = {row.public_id: row for row in await Media.filter(public_id__in=[each.media_id for each in wanted])}
    there = {row.media_id for row in await Attachment.filter(object_uri=already_at)} if already_at else set()
    usable = {public: row for public, row in known.items() if row.owner_id == owner.id or row.id in there}
    return [_checked(number, picture, usable) for number, picture in enumerate(wanted, start=1)]


def _checked(number: int, picture: Picture, usable: Mapping[str, Media]) -> tuple[Media, str]:
    media, alt = usable.get(picture.media_id), picture.alt.strip()[:LONGEST_ALT]
    if media is None:
        raise Invalid({"pictures": _("Picture %(number)s is not there any more. Upload it again.", number=number)})
    if not alt:
        raise Invalid(
            {
                "pictures": _(
                    "Say what picture %(number)s shows, for people who can't see it. Example: Twelve people around a "
                    "table, one points at a budget on the wall.",
                    number=number,
                )
            }
        )
    return media, alt


async def attach(uri: str, pictures: Iterable[tuple[Media, str]], *, base: str) -> None:
    """Let these pictures of ours, and no others, stand beside an object."""
    await Attachment.filter(object_uri=uri).delete()
    for position, (media, alt) in enumerate(pictures):
        await Attachment.create(
            object_uri=uri,
            position=position,
            media=media,
            url=addresses.media_url(base, media.path),
            media_type=media.media_type,
            alt=alt,
            width=media.width,
            height=media.height,
        )


async def attach_foreign(uri: str, files: Iterable[ForeignAttachment]) -> None:
    """Let these foreign files, and no others, stand beside an object."""
    await Attachment.filter(object_uri=uri).delete()
    await insert_all(Attachment, foreign_rows(uri, files))


def foreign_rows(uri: str, files: Iterable[ForeignAttachment]) -> list[Columns]:
    """Return the rows for the foreign files beside an object."""
    return [
        {
            "object_uri": uri,
            "position": position,
            "url": file.url,
            "media_type": file.media_type[:60],
            "alt": file.alt[:LONGEST_ALT],
            "width": _pixels(file.width),
            "height": _pixels(file.height),
        }
        for position, file in enumerate(list(files)[:MOST_FOREIGN])
    ]


def _pixels(told: int | None) -> int | None:
    """Return a size that a picture can have, else None: PostgreSQL takes no larger number."""
    return told if told is not None and 0 < told <= MOST_PIXELS else None


async def beside(uris: Iterable[str]) -> dict[str, tuple[PictureView, ...]]:
    """Return the pictures of several objects, by URI, in order."""
    wanted = few_sizes(uris)
    found: dict[str, list[PictureView]] = {}
    for row in await rows(_BESIDE.format(some=marks(len(wanted))), wanted) if wanted else ():
        found.setdefault(str(row["object_uri"]), []).append(_view(row))
    return {uri: tuple(views) for uri, views in found.items()}


def _view(row: Mapping[str, object]) -> PictureView:
    url, thumbnail = str(row["url"]), row["thumbnail_path"]
    return PictureView(
        url=url,
        media_type=str(row["media_type"]),
        alt=str(row["alt"]),
        width=cast("int | None", row["width"]),
        height=cast("int | None", row["height"]),
        media_id=str(row["media_id"] or ""),
        thumbnail_url=url.removesuffix(str(row["path"])) + str(thumbnail) if thumbnail else None,
    )
