"""Facts about what hangs on posts: polls, votes, quotes. All of them are told to other servers."""

from collections.abc import Mapping
from dataclasses import dataclass

from node.community.fact import Fact


@dataclass(frozen=True, slots=True)
class PollOpened(Fact):
    """A post with a poll was published; how it ended is told when its time is over."""

    post_id: int


@dataclass(frozen=True, slots=True)
class PollCounted(Fact):
    """Votes came in for a poll of ours."""

    post_id: int


@dataclass(frozen=True, slots=True)
class VoteCast(Fact):
    """One of ours voted in a poll elsewhere."""

    object_uri: str
    actor_id: int
    vote_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QuoteAsked(Fact):
    """One of ours quotes a post of somebody elsewhere, who is asked."""

    quote_id: int


@dataclass(frozen=True, slots=True)
class QuoteDecided(Fact):
    """The author of a post of ours let it be quoted, or did not, or not any more."""

    quote_id: int
    state: str


@dataclass(frozen=True, slots=True)
class QuoteAnswered(Fact):
    """What a post of ours quotes may be shown there, or not any more."""

    post_id: int


TALK_FACTS = (PollOpened, PollCounted, VoteCast, QuoteAsked, QuoteDecided, QuoteAnswered)
TALK_CONSUMERS: Mapping[type[Fact], tuple[str, ...]] = dict.fromkeys(TALK_FACTS, ("federate",))
