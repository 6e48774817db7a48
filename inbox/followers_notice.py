"""Followers synchronisation: notice at the door that another server counts our follows differently. Spec: FEP-8fcf."""

from datetime import datetime, timedelta

from federation.errors import Malformed
from federation.followers_sync import HEADER, FollowersClaim, digest_of, read_header
from federation.http import Request
from federation.names import canonical_uri, same_origin
from federation.signatures import Claim
from node.community import errands, follower_sets
from node.community.errands import Errand

PAUSE = timedelta(hours=1)
"""Between two looks at how one actor's server counts its followers here."""


async def notice(request: Request, claim: Claim, speaker: str, *, now: datetime, relaxed: bool) -> None:
    """Have a sender's followers here read, if its digest of them is not ours; what is unreadable is passed over.

    Args:
        claim: proven; a header that it does not cover counts for nothing.
        speaker: whose delivery it is.
    """
    told = _told(request, claim, speaker, relaxed=relaxed)
    if told is None:
        return
    actor = await follower_sets.by_collection(told.collection.text, speaker)
    if actor is None or digest_of(await follower_sets.ours(actor)) == told.digest:
        return
    payload: dict[str, object] = {"url": told.url.text, "digest": told.digest}
    await errands.ask(Errand.FOLLOWERS, actor.uri, now=now, payload=payload, pause=PAUSE)


def _told(request: Request, claim: Claim, speaker: str, *, relaxed: bool) -> FollowersClaim | None:
    if HEADER not in claim.covered:
        return None
    try:
        told = read_header(request.header(HEADER) or "", relaxed=relaxed)
        return told if same_origin(told.url, canonical_uri(speaker, relaxed=relaxed)) else None
    except Malformed:
        return None
