"""What hangs on a foreign post beside its words, handed to the verbs that keep it: its poll and what it quotes."""

from federation.vocabulary.types import NoteDocument, Poll
from inbox.scene import Scene
from node.community import foreign_polls, foreign_quotes
from node.community.foreign_polls import ForeignPoll
from node.community.foreign_quotes import Claim
from node.community.received import Outcome, Received
from node.models import Actor


async def hang_on(note: NoteDocument, kept: Received, *, author: Actor, scene: Scene) -> Received:
    """Keep what hangs on a post that was kept, is newer, or is known as it is; return what became of both.

    Args:
        note: its `attributed_to` is `author`.
    """
    if kept.outcome is Outcome.IGNORED or author.is_local:
        return kept
    is_newer = kept.outcome is not Outcome.UNCHANGED
    if note.quote is not None:
        await foreign_quotes.claimed(_claim(note, note.quote, author), now=scene.now)
    if note.poll is not None and await foreign_polls.receive(note.id, poll_draft(note.poll), is_newer=is_newer):
        return kept if is_newer else Received(Outcome.UPDATED, uri=note.id)
    return kept


def poll_draft(poll: Poll) -> ForeignPoll:
    """Return what the community keeps of a poll."""
    return ForeignPoll(
        options=tuple((option.name, option.votes) for option in poll.options),
        multiple=poll.multiple,
        ends_at=poll.ends_at,
        closed_at=poll.closed_at,
        voters=poll.voters if poll.voters is not None else max(option.votes for option in poll.options),
    )


def _claim(note: NoteDocument, quoted_uri: str, author: Actor) -> Claim:
    return Claim(note.id, author, quoted_uri, note.quote_authorization)
