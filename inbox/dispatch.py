"""The table: which activity is handled where. What is not in it is kept as ignored, with a reason."""

from collections.abc import Awaitable, Callable, Mapping

from federation.vocabulary.types import Activity
from inbox.handlers import answer, block, create, delete, flag, follow, move, react, undo
from inbox.scene import Outcome, Scene, ignored

Handler = Callable[[Activity, Scene], Awaitable[Outcome]]

HANDLERS: Mapping[str, Handler] = {
    "Accept": answer.accept,
    "Announce": react.announce,
    "Block": block.handle,
    "Create": create.handle,
    "Delete": delete.handle,
    "EmojiReact": react.react,
    "Flag": flag.handle,
    "Follow": follow.handle,
    "Like": react.like,
    "Move": move.handle,
    "Reject": answer.reject,
    "Undo": undo.handle,
    "Update": create.handle,
}


async def dispatch(activity: Activity, scene: Scene) -> Outcome:
    """Hand an activity to its handler."""
    handler = HANDLERS.get(activity.type)
    if handler is None:
        return ignored(f"activities of type {activity.type or 'none'} are not handled")
    return await handler(activity, scene)
