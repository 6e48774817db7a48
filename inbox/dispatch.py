"""The tables: which activity is handled where. What is not in them is kept as ignored, with a reason.

`HANDLERS` says what one activity does. `TOGETHER` names the kinds that come in masses: the same, for many at once.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from federation.vocabulary.types import Activity
from inbox.handlers import answer, block, create, delete, featured, flag, follow, move, quote, react, undo
from inbox.scene import Footprint, Given, Outcome, Scene, ignored

Handler = Callable[[Activity, Scene], Awaitable[Outcome]]

HANDLERS: Mapping[str, Handler] = {
    "Accept": answer.accept,
    "Add": featured.add,
    "Announce": react.announce,
    "Block": block.handle,
    "Create": create.handle,
    "Delete": delete.handle,
    "EmojiReact": react.react,
    "Flag": flag.handle,
    "Follow": follow.handle,
    "Like": react.like,
    "Move": move.handle,
    "QuoteRequest": quote.handle,
    "Reject": answer.reject,
    "Remove": featured.remove,
    "Undo": undo.handle,
    "Update": create.handle,
}


@dataclass(frozen=True, slots=True)
class Together:
    """How many activities of one kind are applied at once.

    Args:
        footprint: what one of them touches; None if it has to be applied alone, by its handler.
        apply: does what the handler would do for each of them in turn; one outcome each.
    """

    footprint: Callable[[Given], Footprint | None]
    apply: Callable[[Sequence[Given]], Awaitable[list[Outcome]]]


TOGETHER: Mapping[str, Together] = {
    "Announce": Together(react.announce_footprint, react.announce_all),
    "Create": Together(create.footprint, create.handle_all),
    "Delete": Together(delete.footprint, delete.handle_all),
    "Like": Together(react.like_footprint, react.like_all),
    "Update": Together(create.footprint, create.handle_all),
}


async def dispatch(activity: Activity, scene: Scene) -> Outcome:
    """Hand an activity to its handler."""
    handler = HANDLERS.get(activity.type)
    if handler is None:
        return ignored(f"activities of type {activity.type or 'none'} are not handled")
    return await handler(activity, scene)


def footprint(given: Given) -> Footprint | None:
    """Return what an activity touches; None if it has to be applied alone."""
    kind = TOGETHER.get(given.activity.type)
    return None if kind is None else kind.footprint(given)


async def dispatch_all(given: Sequence[Given]) -> list[Outcome]:
    """Apply activities that all have a footprint and do not touch each other's changes; return what became of each."""
    outcomes: dict[str, list[Outcome]] = {}
    for kind in dict.fromkeys(each.activity.type for each in given):
        some = [each for each in given if each.activity.type == kind]
        outcomes[kind] = (await TOGETHER[kind].apply(some))[::-1]
    return [outcomes[each.activity.type].pop() for each in given]
