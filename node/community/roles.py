"""Who may do what here: the order of the roles. Pure."""

from node.models import Role

_ORDER = tuple(Role)


def is_at_least(role: Role | None, needed: Role) -> bool:
    """Tell whether `role` includes what `needed` may do; nobody has no role."""
    return role is not None and _ORDER.index(role) >= _ORDER.index(needed)
