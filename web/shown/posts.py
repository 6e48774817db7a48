"""Posts and answers as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from node.community.attachments import PictureView
from node.community.views import ActorView, PostView, Reactions, Rights
from node.community.visibility import OPEN
from node.i18n import gettext
from node.i18n import mark as _
from node.text.emoji import with_emoji
from node.text.plain import plain_text
from node.text.sanitise import CleanHtml, again
from web.context import here
from web.pictures import foreign_image
from web.places import object_path
from web.shown.audience import AUDIENCES
from web.shown.people import PersonShown, open_address, own_picture, person, web_address
from web.shown.polls import PollShown, poll_shown
from web.shown.quotes import QuoteShown, quote_shown

ANCHOR_CHARACTERS = 26
_KINDS = (
    ("image/", _("Picture at %(host)s")),
    ("video/", _("Video at %(host)s")),
    ("audio/", _("Sound at %(host)s")),
    ("", _("File at %(host)s")),
)


@dataclass(frozen=True, slots=True)
class PictureShown:
    """A picture that this node serves, or a link to a file elsewhere.

    Args:
        source: the thumbnail that this node serves, empty for what is only a link.
        whole: the picture itself, from here.
        label: what the link to it says, English with `%(host)s`, marked for translation.
    """

    url: str
    source: str
    whole: str
    alt: str
    label: str
    host: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class PostShown:
    """One post.

    Args:
        anchor: its id within a page.
        path: our page about it.
        original_url: where it was written, empty for ours.
        audience: who may read it, English, marked; empty for everybody.
        answers: whose post it answers, if we know.
        edit_path, delete_path: for those who may, else empty.
    """

    uri: str
    anchor: str
    path: str
    author: PersonShown
    title: str
    content: CleanHtml
    warning: str
    language: str
    pictures: tuple[PictureShown, ...]
    published_at: datetime
    updated_at: datetime | None
    is_local: bool
    is_listed: bool
    is_open: bool
    original_url: str
    audience: str
    reactions: Reactions
    rights: Rights
    answers: PersonShown | None
    boosted_by: PersonShown | None
    edit_path: str
    delete_path: str
    poll: PollShown | None = None
    quote: QuoteShown | None = None

    @property
    def is_reduced(self) -> bool:
        """Whether only the words are shown and the original has more."""
        return self.content.is_reduced and bool(self.original_url)

    @property
    def plain(self) -> str:
        """The words alone, the warning instead where there is one."""
        return self.warning or plain_text(self.content.html)


def post_shown(post: PostView, boosted_by: ActorView | None = None) -> PostShown:
    """Return a post as pages show it.

    Args:
        boosted_by: who passed it on into the list at hand.
    """
    path = object_path(post.uri, "post", is_local=post.is_local)
    return PostShown(
        uri=post.uri,
        anchor=anchor_of(post),
        path=path,
        author=person(post.author),
        title=post.title,
        content=with_emoji(again(post.content_html), _emoji(post)),
        warning=post.warning or (gettext("Sensitive") if post.sensitive else ""),
        language=post.language,
        pictures=pictures_shown(post.pictures, post.author.host),
        published_at=post.published_at,
        updated_at=post.updated_at,
        is_local=post.is_local,
        is_listed=post.is_listed,
        is_open=post.visibility in OPEN,
        original_url="" if post.is_local else web_address(post.url),
        audience=AUDIENCES[post.visibility],
        reactions=post.reactions,
        rights=post.rights,
        answers=person(post.answers) if post.answers else None,
        boosted_by=person(boosted_by) if boosted_by else None,
        edit_path=f"{path}/edit" if post.rights.may_edit else "",
        delete_path=f"{path}/delete" if post.rights.may_withdraw else "",
        quote=quote_shown(post.quoted) if post.quoted else None,
        poll=poll_shown(post.poll, now=here().now) if post.poll else None,
    )


def _emoji(post: PostView) -> dict[str, str]:
    """Return where this node serves the emoji of a post, those that it serves."""
    found = {code: foreign_image(url, post.author.host, "emoji") for code, url in post.emoji.items()}
    return {code: source for code, source in found.items() if source}


def anchor_of(post: PostView) -> str:
    """Return an id that stays the same, for links into a thread."""
    return f"p-{post.public_id}" if post.public_id else f"p-{post.id}"


def pictures_shown(pictures: Iterable[PictureView], shown_for: str = "") -> tuple[PictureShown, ...]:
    """Return pictures and files as pages show them; what is no web address or stands on a blocked server is left out.

    Args:
        shown_for: the host of the author, for what stands elsewhere.
    """
    found = ((picture, open_address(picture.url)) for picture in pictures)
    return tuple(_picture(picture, url, shown_for) for picture, url in found if url)


def _picture(picture: PictureView, url: str, shown_for: str) -> PictureShown:
    label = next(text for start, text in _KINDS if picture.media_type.startswith(start))
    source, whole = (own_picture(picture.thumbnail_url or url), url) if picture.media_id else ("", "")
    if not picture.media_id and picture.media_type.startswith("image/"):
        source, whole = (foreign_image(url, shown_for, kind) for kind in ("picture", "whole"))
    return PictureShown(
        url=url,
        source=source,
        whole=whole,
        alt=picture.alt,
        label=label,
        host=url.partition("://")[2].partition("/")[0],
        width=picture.width,
        height=picture.height,
    )
