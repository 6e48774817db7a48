"""Create of a vote: a Note with nothing but a name, in answer to a question."""

from federation.errors import Malformed
from federation.vocabulary.parse import parse_object
from federation.vocabulary.types import Activity, NoteDocument, Reference
from inbox.authority import require_embedded_trust
from inbox.scene import APPLIED, Outcome, Scene, ignored
from node.community import polls
from node.community.polls import ForeignVote

MOST_AT_ONCE = polls.MOST_OPTIONS
"""GoToSocial sends all choices in one Create; there are never more than a poll of ours has options."""


def votes_in(activity: Activity, *, relaxed: bool) -> tuple[NoteDocument, ...]:
    """Return the votes that a Create carries: none unless its first object is one."""
    found: list[NoteDocument] = []
    for about in activity.objects[: MOST_AT_ONCE + 1]:
        vote = _vote(about, relaxed=relaxed)
        if vote is None:
            break
        found.append(vote)
    return tuple(found)


def _vote(about: Reference, *, relaxed: bool) -> NoteDocument | None:
    if about.document is None or about.type != "Note" or "name" not in about.document:
        return None
    try:
        note = parse_object(about.document, relaxed=relaxed)
    except Malformed:
        return None
    is_vote = isinstance(note, NoteDocument) and note.name and note.in_reply_to and not note.content_html
    return note if is_vote and isinstance(note, NoteDocument) else None


async def handle(votes: tuple[NoteDocument, ...], activity: Activity, scene: Scene) -> Outcome:
    """Count votes in a poll of ours; each actor and option once.

    Spec: ActivityPub §7.2; FEP-9967.
    """
    if len(votes) > MOST_AT_ONCE:
        return ignored("more votes than a poll has options")
    reasons = []
    for vote in votes:
        require_embedded_trust(vote.id, vote.attributed_to, signer_uri=scene.speaker.uri, relaxed=scene.relaxed)
        given = ForeignVote(scene.speaker, vote.in_reply_to or "", vote.name, activity.id)
        reasons.append(await polls.received(given, now=scene.now, grant=scene.decision.grants.interact))
    return APPLIED if "" in reasons else ignored(reasons[0])
