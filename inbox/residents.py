"""Whose inbox is that? Asked for every delivery to a single inbox, so the answer is remembered for a moment."""

from collections import OrderedDict

from node.community import actors
from node.database import changes
from node.errors import NotFound, Withdrawn
from node.models import ActorState

SHARED_INBOX = "ap/inbox"
REMEMBERED = 2_000
REMEMBERED_SECONDS = 1.0


class Residents:
    """The inboxes that are known to be somebody's; a change in this process makes all of them unknown again."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[int, float]] = OrderedDict()

    async def require(self, url: str, *, at: float) -> None:
        """Return if the inbox at `url` is the shared one or that of somebody who is here.

        Args:
            url: as asked for, with our public address.
            at: seconds of a clock that only grows.

        Raises:
            NotFound: it is nobody's.
            Withdrawn: whoever had it has left.
        """
        inbox = url.partition("?")[0]
        if inbox.partition("://")[2].partition("/")[2] == SHARED_INBOX:
            return
        state, until = self._known.get(inbox, (-1, 0.0))
        if state == changes() and at < until:
            return
        state = changes()
        owner = await actors.by_uri(inbox.removesuffix("/inbox"))
        if owner is None or not owner.is_local:
            raise NotFound("nobody here has that inbox")
        if owner.state is ActorState.GONE:
            raise Withdrawn("whoever had that inbox has left")
        self._known[inbox] = state, at + REMEMBERED_SECONDS
        self._known.move_to_end(inbox)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
