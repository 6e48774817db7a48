"""Posts of people on other servers: what we keep, refresh and refuse.

One post is several posts of which there is one: everything is read for all of them, then decided in turn without the
database, then written for all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tortoise.exceptions import IntegrityError

from node.community import foreign_post_rows, foreign_post_ties
from node.community.foreign_post_draft import ForeignPost as ForeignPost
from node.community.foreign_post_rows import Kept
from node.community.foreign_post_ties import Surroundings, Ties
from node.community.received import Outcome, Received, ignored, unchanged
from node.database import atomic
from node.models import Post, Visibility
from node.policy.grants import Interact
from node.text.allowed import Subset
from node.text.sanitise import CleanHtml, clean

_NARROWER = (Visibility.PUBLIC, Visibility.QUIET, Visibility.FOLLOWERS, Visibility.DIRECT)
"""A later version may narrow who reads, never widen it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A draft, and what the host of its author may do here."""

    draft: ForeignPost
    grant: Interact = Interact.YES


async def receive(draft: ForeignPost, *, now: datetime, grant: Interact = Interact.YES) -> Received:
    """Keep a foreign post, or the newer version of one we have.

    Kept is what answers or names us, what somebody followed from here wrote, and what was asked for.

    Args:
        grant: what the author's host may do here.

    Returns:
        What became of it; nothing is raised for foreign input.

    Spec: V-M12, V-M26.
    """
    return (await receive_all([Arrival(draft, grant)], now=now))[0]


async def receive_all(arrivals: Sequence[Arrival], *, now: datetime) -> list[Received]:
    """Keep foreign posts as if they came one after another in this order; return what became of each."""
    waiting = [replace(each, draft=await _cleaned(each.draft)) for each in arrivals]
    done: list[Received] = []
    while len(done) < len(waiting):
        try:
            async with atomic():
                done += await _receive_some(waiting[len(done) :], now=now)
        except IntegrityError:
            # Another process has just kept one of them: now it can be seen.
            async with atomic():
                done += await _receive_some(waiting[len(done) :], now=now)
    return done


async def clean_content(html: str, wire_type: str) -> CleanHtml:
    """Return the content of a foreign object as its kind may carry it."""
    return await clean(html, Subset.NOTE if wire_type in {"Note", "Question"} else Subset.ARTICLE)


async def _cleaned(draft: ForeignPost) -> ForeignPost:
    if draft.content is not None:
        return draft
    return replace(draft, content=await clean_content(draft.content_html, draft.wire_type))


async def _receive_some(arrivals: Sequence[Arrival], *, now: datetime) -> list[Received]:
    """Receive the first ones: up to one that hangs on another of them, since what was read says nothing of that."""
    around = await foreign_post_ties.around([each.draft for each in arrivals])
    heard = await _heard_before(arrivals, around)
    rows = {row.uri: row for row in await Post.filter(uri__in=_held(arrivals, around))}
    results: list[Received] = []
    kept: dict[str, Kept] = {}
    for each in arrivals:
        if _hangs_on(each.draft, kept, around):
            break
        received, change = _decided(each, around, rows, heard, now=now)
        results.append(received)
        if change is not None:
            kept[each.draft.uri] = change
    await foreign_post_rows.write(list(kept.values()), now=now)
    return results


def _hangs_on(draft: ForeignPost, kept: Mapping[str, Kept], around: Surroundings) -> bool:
    parent = around.parent_of(draft)
    return draft.uri in kept or draft.in_reply_to_uri in kept or (parent is not None and parent.thread_uri in kept)


def _held(arrivals: Sequence[Arrival], around: Surroundings) -> list[str]:
    return [each.draft.uri for each in arrivals if each.draft.uri in around.known]


async def _heard_before(arrivals: Sequence[Arrival], around: Surroundings) -> frozenset[int]:
    """Return authors of whom we hold something, among those whose hosts have their first words held."""
    held = (around.author_of(each.draft) for each in arrivals if each.grant is Interact.HOLD)
    return await foreign_post_ties.heard_before(author.id for author in held if author is not None)


def _decided(
    arrival: Arrival, around: Surroundings, rows: Mapping[str, Post], heard: frozenset[int], *, now: datetime
) -> tuple[Received, Kept | None]:
    """Return what becomes of one post, and what is to be written for it."""
    draft, author = arrival.draft, around.author_of(arrival.draft)
    if author is None:
        return ignored("its author is unknown, ours, suspended or gone", draft.uri), None
    if draft.visibility not in _NARROWER:
        return ignored(f"not a visibility that others send: {draft.visibility}", draft.uri), None
    if draft.uri in around.gone:
        return ignored("it was deleted before", draft.uri), None
    ties = around.ties_of(draft, author)
    if draft.uri in around.known:
        return _decided_again(draft, around, rows.get(draft.uri), ties, now=now)
    reason = _why_not(draft, ties, arrival.grant, is_heard=author.id in heard)
    if reason:
        return ignored(reason, draft.uri), None
    return Received(Outcome.STORED, uri=draft.uri), foreign_post_rows.new(draft, ties, now=now)


def _decided_again(
    draft: ForeignPost, around: Surroundings, post: Post | None, ties: Ties, *, now: datetime
) -> tuple[Received, Kept | None]:
    known = around.known[draft.uri]
    if post is None or known.is_local or known.publisher.id != ties.author.id:
        return ignored("another actor owns it", draft.uri), None
    stamp = min(draft.updated_at, now) if draft.updated_at else None
    if stamp is None or stamp <= (post.updated_at or post.published_at):
        return unchanged("nothing newer than what we have", draft.uri), None
    narrower = max(draft.visibility, post.visibility, key=_NARROWER.index)
    change = foreign_post_rows.newer(replace(draft, visibility=narrower), ties, post, stamp=stamp)
    return Received(Outcome.UPDATED, uri=draft.uri), change


def _why_not(draft: ForeignPost, ties: Ties, grant: Interact, *, is_heard: bool) -> str:
    if grant is Interact.NONE:
        return "its host may not write to us"
    if grant is Interact.FOLLOWED_ONLY and not ties.is_followed:
        return "its host may only write to us if somebody here follows the author"
    if grant is Interact.HOLD and not ties.is_followed and not is_heard:
        return "first words from a host whose first words are held"
    if draft.visibility is Visibility.DIRECT:
        return "" if ties.names_ours else "direct, and not to us"
    if draft.visibility is Visibility.FOLLOWERS:
        return "" if ties.is_followed or ties.names_ours else "for followers, and nobody here is one"
    if ties.names_ours or ties.answers_ours or ties.is_followed or draft.is_solicited:
        return ""
    return "it neither answers nor names us, and nobody here follows its author"
