"""An account, ours or foreign, as operators see it."""

from dataclasses import dataclass
from datetime import datetime

from node.community import purging, report_pages
from node.community.purging import Progress
from node.community.report_pages import ActLine, Subject
from node.models import ActorState


@dataclass(frozen=True, slots=True)
class AccountView:
    """How an account stands.

    Args:
        held: how many posts, records and events of it we hold.
        may_be_purged: a moderator suspended it, and it is not ours.
    """

    subject: Subject
    uri: str
    host: str
    inbox_url: str
    created_at: datetime
    fetched_at: datetime | None
    is_local: bool
    is_gone: bool
    held: int
    may_be_purged: bool
    purge: Progress | None
    acts: tuple[ActLine, ...]


async def view(handle: str) -> AccountView:
    """Return an account by its URI, its name, or `@name@host`.

    Raises:
        NotFound: we know nobody so called.
    """
    actor = await purging.of_handle(handle)
    return AccountView(
        subject=await report_pages.subject_of(actor),
        uri=actor.uri,
        host=actor.host,
        inbox_url=actor.inbox_url or "",
        created_at=actor.created_at,
        fetched_at=actor.fetched_at,
        is_local=actor.is_local,
        is_gone=actor.state is ActorState.GONE,
        held=await purging.count(actor.id),
        may_be_purged=actor.suspended_at is not None and not actor.is_local,
        purge=await purging.progress(actor),
        acts=await report_pages.acts_about(actor.id),
    )
