"""What decides whether foreign posts are kept, read for many at once: authors, parents, names, followers, deletions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from node.community import apart, erasure, objects
from node.community.apart import Between
from node.community.foreign_post_draft import ForeignPost
from node.community.objects import Known
from node.database import few_sizes, marks, rows
from node.models import Actor, ActorState, FollowState

MOST_MENTIONS = 50


@dataclass(frozen=True, slots=True)
class Ties:
    """How one foreign post is tied to this place.

    Args:
        is_followed: somebody here follows its author.
        may_answer: no block stands between its author and whoever of ours it answers.
    """

    author: Actor
    parent: Known | None
    top: Known | None
    named: tuple[Actor, ...]
    is_followed: bool
    may_answer: bool = True

    @property
    def names_ours(self) -> bool:
        """Tell whether it mentions an account of this node."""
        return any(actor.is_local for actor in self.named)

    @property
    def answers_ours(self) -> bool:
        """Tell whether it answers something of this node that is still there, and may."""
        standing = (thing for thing in (self.parent, self.top) if thing is not None and thing.is_local)
        return self.may_answer and any(not thing.is_withdrawn for thing in standing)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around several drafts.

    Args:
        actors: authors and those named, by URI.
        known: the posts themselves, what they answer, and the tops of those threads.
        gone: ids that were deleted before.
        followed: actors whom somebody here follows.
        between: the blocks between authors and people of ours.
    """

    actors: Mapping[str, Actor]
    known: Mapping[str, Known]
    gone: frozenset[str]
    followed: frozenset[int]
    between: Between

    def author_of(self, draft: ForeignPost) -> Actor | None:
        """Return the author, if it is a foreign actor who may speak."""
        author = self.actors.get(draft.author_uri)
        if author is None or author.is_local or author.state is not ActorState.ACTIVE:
            return None
        return author

    def parent_of(self, draft: ForeignPost) -> Known | None:
        """Return what it answers, if we hold that."""
        return self.known.get(draft.in_reply_to_uri) if draft.in_reply_to_uri else None

    def ties_of(self, draft: ForeignPost, author: Actor) -> Ties:
        """Return how a draft is tied to this place."""
        parent = self.parent_of(draft)
        top = self.known.get(parent.thread_uri) if parent else None
        answered = [thing.publisher for thing in (parent, top) if thing is not None and thing.is_local]
        return Ties(
            author=author,
            parent=parent,
            top=top,
            named=tuple(actor for actor in self._named(draft) if not self._are_apart(author, actor)),
            is_followed=author.id in self.followed,
            may_answer=not any(self._are_apart(author, each) for each in answered),
        )

    def _are_apart(self, author: Actor, other: Actor) -> bool:
        return other.is_local and self.between.is_apart(author, other.id)

    def _named(self, draft: ForeignPost) -> Iterable[Actor]:
        found = (self.actors.get(uri) for uri in dict.fromkeys(draft.mentioned_uris[:MOST_MENTIONS]))
        return (actor for actor in found if actor is not None and actor.state is ActorState.ACTIVE)


async def around(drafts: Sequence[ForeignPost]) -> Surroundings:
    """Read what decides about these drafts, in a few statements."""
    uris = {uri for each in drafts for uri in (each.author_uri, *each.mentioned_uris[:MOST_MENTIONS])}
    actors = {actor.uri: actor for actor in await Actor.filter(uri__in=few_sizes(sorted(uris)))}
    known = await objects.find_all(uri for each in drafts for uri in (each.uri, each.in_reply_to_uri) if uri)
    tops = {thing.thread_uri for thing in known.values()} - known.keys()
    known |= await objects.find_all(tops)
    authors = [actors[each.author_uri].id for each in drafts if each.author_uri in actors]
    return Surroundings(
        actors=actors,
        known=known,
        gone=await erasure.gone_among([each.uri for each in drafts]),
        followed=await followed_here(authors),
        between=await apart.between(actors[each.author_uri] for each in drafts if each.author_uri in actors),
    )


async def followed_here(actor_ids: Iterable[int]) -> frozenset[int]:
    """Return those of the actors whom somebody here follows."""
    ids = few_sizes(actor_ids)
    if not ids:
        return frozenset()
    sql = (
        f"SELECT id FROM actor WHERE id IN ({marks(len(ids))}) AND EXISTS (SELECT 1 FROM follow "  # noqa: S608
        "JOIN actor AS follower ON follower.id = follow.follower_id "
        "WHERE follow.target_id = actor.id AND follow.state = ? AND follower.is_local = ?)"
    )
    return frozenset(cast(int, row["id"]) for row in await rows(sql, [*ids, FollowState.ACCEPTED, True]))


async def heard_before(actor_ids: Iterable[int]) -> frozenset[int]:
    """Return those of the actors of whom we hold a post."""
    ids = few_sizes(actor_ids)
    if not ids:
        return frozenset()
    sql = f"SELECT DISTINCT author_id FROM post WHERE author_id IN ({marks(len(ids))})"  # noqa: S608
    return frozenset(cast(int, row["author_id"]) for row in await rows(sql, ids))
