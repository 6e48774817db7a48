"""Polls as pages show them: a form for who may vote, counts for everybody."""

from dataclasses import dataclass
from datetime import datetime

from node.community.views import PollView
from node.text.plain import plain_name

LONGEST_LABEL = 500


@dataclass(frozen=True, slots=True)
class OptionShown:
    """One option: its place, its label, its votes, and these as whole percent of all."""

    place: int
    label: str
    votes: int
    percent: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PollShown:
    """A poll.

    Args:
        may_vote: the visitor is a member who can vote now.
        has_voted: the visitor did.
    """

    options: tuple[OptionShown, ...]
    multiple: bool
    voters: int
    ends_at: datetime | None
    is_over: bool
    may_vote: bool
    has_voted: bool


def poll_shown(poll: PollView, *, now: datetime) -> PollShown:
    """Return a poll as pages show it.

    Args:
        now: tells whether it is over.
    """
    is_over = poll.closed_at is not None or (poll.ends_at is not None and poll.ends_at <= now)
    whole = max(poll.voters, max((votes for _label, votes in poll.options), default=0), 1)
    if not poll.multiple:
        whole = max(sum(votes for _label, votes in poll.options), 1)
    return PollShown(
        options=tuple(
            OptionShown(
                place=place,
                label=plain_name(label, limit=LONGEST_LABEL),
                votes=votes,
                percent=round(100 * votes / whole),
                is_chosen=place in poll.chosen,
            )
            for place, (label, votes) in enumerate(poll.options)
        ),
        multiple=poll.multiple,
        voters=poll.voters,
        ends_at=poll.ends_at,
        is_over=is_over,
        may_vote=poll.may_vote and not is_over,
        has_voted=bool(poll.chosen),
    )
