"""Who of the staff may decide about whom. The one rule that every act of the desk asks, in its own transaction."""

from node.community.roles import is_at_least
from node.errors import NotAllowed
from node.models import Actor, Member, MemberState, Role


async def require_may_decide(by: Member, target: Actor | None) -> Member:
    """Return the moderator as they are now, if they may decide about `target`.

    Nobody decides about themselves or about somebody with a higher role.

    Args:
        target: whom it is about; None where nobody is known any more.

    Raises:
        NotAllowed: not a moderator, not any more, or not about this one. Spec: security T-58, V-M38.
    """
    decider = await Member.get_or_none(id=by.id)
    if decider is None or decider.state is not MemberState.ACTIVE or not is_at_least(decider.role, Role.MODERATOR):
        raise NotAllowed("moderators decide")
    if target is None:
        return decider
    if target.id == decider.actor_id:
        raise NotAllowed("nobody decides about themselves")
    member = await Member.get_or_none(actor_id=target.id)
    if member is not None and not is_at_least(decider.role, member.role):
        raise NotAllowed(f"{decider.role} may not decide about {member.role}")
    return decider
