"""What a member has begun and not yet published."""

from dataclasses import dataclass
from datetime import datetime

from node.community import addresses
from node.models import Event, Member, Post, Practice, Visibility
from node.text.plain import plain_text, shorten

MOST = 100
LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft; `kind` is post, practice or event, `path` leads to its form."""

    kind: str
    title: str
    path: str
    changed_at: datetime


async def of(member: Member) -> tuple[DraftView, ...]:
    """Return a member's drafts, the last touched first."""
    kept = {"visibility": Visibility.DRAFT, "withdrawn_at__isnull": True}
    posts = await Post.filter(author_id=member.actor_id, **kept).order_by("-id").limit(MOST)
    practices = await Practice.filter(author_id=member.id, **kept).order_by("-updated_at").limit(MOST)
    events = await Event.filter(author_id=member.id, **kept).order_by("-updated_at").limit(MOST)
    found = [_of_post(row) for row in posts]
    found += [_view("practice", row.title, row.public_id, row.updated_at) for row in practices]
    found += [_view("event", row.title, row.public_id, row.updated_at) for row in events]
    return tuple(sorted(found, key=lambda draft: draft.changed_at, reverse=True))


def _of_post(row: Post) -> DraftView:
    title = shorten(row.warning or plain_text(row.content_html), LONGEST_TITLE)
    return _view("post", title, row.public_id, row.updated_at or row.published_at)


def _view(kind: str, title: str, public_id: str | None, changed_at: datetime) -> DraftView:
    pages = {"post": addresses.post_page, "practice": addresses.practice_page, "event": addresses.event_page}
    return DraftView(kind, title, f"{pages[kind]('', public_id or '')}/edit", changed_at)
