"""Quotes in foreign posts: shown as such only when the quoted author's own server says so. FEP-044f."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from node.community import errands, journal, objects
from node.community.errands import Errand
from node.community.once import insert_once
from node.community.talk_facts import QuoteAnswered
from node.database import atomic, few_sizes, marks, rows
from node.models import Actor, Post, Quote, QuoteState


@dataclass(frozen=True, slots=True)
class Claim:
    """What a foreign post says about itself.

    Args:
        quoter: its author, proven.
        stamp_uri: where the quoted author's leave is said to stand.
    """

    quoting_uri: str
    quoter: Actor
    quoted_uri: str
    stamp_uri: str | None


@dataclass(frozen=True, slots=True)
class Stamp:
    """A QuoteAuthorization as it was read from its own address."""

    uri: str
    giver_uri: str
    quoting_uri: str
    quoted_uri: str


async def claimed(claim: Claim, *, now: datetime) -> bool:
    """Keep that a foreign post quotes something, unproven, and ask for what proves it; tell whether that is new.

    A post of ours may be quoted only as we answered; a bogus stamp that was claimed before is no obstacle to a true
    one. Spec: security V-M31.
    """
    quoted = await objects.find(claim.quoted_uri)
    is_ours = quoted is not None and quoted.is_local
    stamp_uri = None if is_ours else claim.stamp_uri
    async with atomic():
        key = {"quoting_uri": claim.quoting_uri, "quoter_id": claim.quoter.id}
        row, is_new = await insert_once(Quote, key, {"quoted_uri": claim.quoted_uri, "created_at": now})
        is_same = row.quoted_uri == claim.quoted_uri and (is_ours or row.stamp_uri == stamp_uri)
        if is_same and not is_new:
            return False
        row.quoted_uri, row.stamp_uri, row.state = claim.quoted_uri, stamp_uri, QuoteState.UNPROVEN
        row.stamp_id = row.request_uri = None
        await row.save()
        if stamp_uri is not None:
            payload: dict[str, object] = {"quoting": claim.quoting_uri, "quoted": claim.quoted_uri}
            await errands.ask(Errand.STAMP, stamp_uri, now=now, payload=payload)
    return True


async def proven(stamp: Stamp, *, now: datetime) -> bool:
    """Let a quote be shown whose stamp was read; tell whether there is one.

    Args:
        stamp: its giver lives where it was read.
    """
    quoted = await objects.find(stamp.quoted_uri)
    if quoted is None or quoted.is_local or quoted.publisher.uri != stamp.giver_uri:
        return False
    rows = Quote.filter(quoting_uri=stamp.quoting_uri, quoted_uri=stamp.quoted_uri, stamp_uri=stamp.uri)
    return bool(await rows.update(state=QuoteState.GRANTED, decided_at=now))


async def revoked(stamp_uri: str, *, by: Actor, now: datetime) -> bool:
    """Take back what a foreign author's stamp let be shown, on that author's word alone; tell whether there was one."""
    found = False
    for row in await Quote.filter(stamp_uri=stamp_uri, stamp_id__isnull=True):
        quoted = await objects.find(row.quoted_uri)
        if quoted is None or quoted.publisher.id != by.id:
            continue
        async with atomic():
            await Quote.filter(id=row.id).update(state=QuoteState.REVOKED, decided_at=now)
            own = await Post.get_or_none(uri=row.quoting_uri, is_local=True)
            if own is not None:
                await journal.note(QuoteAnswered(own.id), at=now)
        found = True
    return found


async def stamps_among(uris: Iterable[str]) -> frozenset[str]:
    """Return those of the addresses at which a foreign stamp stands that a quote relies on."""
    wanted = few_sizes(uris)
    if not wanted:
        return frozenset()
    sql = f"SELECT stamp_uri FROM quote WHERE stamp_id IS NULL AND stamp_uri IN ({marks(len(wanted))})"  # noqa: S608
    return frozenset(str(row["stamp_uri"]) for row in await rows(sql, wanted))
