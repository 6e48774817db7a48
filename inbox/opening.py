"""From a claimed row to an activity that is ready to be applied: parsed, its text cleaned, and what it lacks named.

All of it before the transaction, so that nobody else waits for it.
"""

from dataclasses import dataclass
from typing import cast

import orjson

from federation.errors import Malformed
from federation.names import canonical_uri, host_of
from federation.vocabulary.parse import parse_activity, parse_object
from federation.vocabulary.types import Activity, NoteDocument
from inbox.gather import CARRIES_OBJECT, NOTHING, Gathered, wanted
from inbox.interpret.post import cleaned
from inbox.scene import Embedded
from node.jobs import Claim


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed activity.

    Args:
        host: of whoever proved it; whom it merely names has proven nothing.
        embedded: the object that it carries, if it can be read.
        wanted: what has to be read from elsewhere before it is applied.
        gathered: what was read.
    """

    claim: Claim
    activity: Activity
    inboxes: tuple[str, ...]
    host: str
    embedded: Embedded | None = None
    wanted: str | None = None
    gathered: Gathered = NOTHING

    @property
    def signer(self) -> str:
        """Who proved it."""
        return str(self.claim.row["signer_uri"])


async def opened(claim: Claim, *, relaxed: bool) -> Ready:
    """Return an activity as it stands in its row.

    Raises:
        ProtocolError: it can't be read.
    """
    activity = parse_activity(cast(bytes, claim.row["body"]), relaxed=relaxed)
    uri = await wanted(activity, refetch=bool(claim.row["refetch"]), relaxed=relaxed)
    return Ready(
        claim,
        activity,
        inboxes=_paths(claim.row["inboxes"]),
        host=host_of(canonical_uri(str(claim.row["signer_uri"]), relaxed=relaxed)),
        embedded=await _embedded(activity, relaxed=relaxed) if uri is None else None,
        wanted=uri,
    )


async def _embedded(activity: Activity, *, relaxed: bool) -> Embedded | None:
    about = activity.object
    if activity.type not in CARRIES_OBJECT or about is None or about.document is None:
        return None
    try:
        told = parse_object(about.document, relaxed=relaxed)
    except Malformed:
        return None
    return Embedded(told, await cleaned(told) if isinstance(told, NoteDocument) else None)


def _paths(value: object) -> tuple[str, ...]:
    found = orjson.loads(value) if isinstance(value, str | bytes) else value
    return tuple(str(each) for each in found) if isinstance(found, list) else ()
