"""May this signer say this about that object? Pure: asked before storing, and again with the stored owner."""

from federation.errors import Unauthorised
from federation.names import canonical_uri, same_origin
from federation.vocabulary.heads import Head

REFETCHABLE = frozenset({"Create", "Update", "Delete"})
"""What somebody else may bring us, if we then read it from its origin ourselves."""
ABOUT_ITSELF = frozenset({"Delete", "Update"})


def is_own_word(activity: Head, signer_uri: str) -> bool:
    """Tell whether the proven signer is the actor, and the activity's id lives where the actor lives.

    Spec: FEP-fe34 §origin.
    """
    return activity.actor.text == signer_uri and same_origin(activity.id, activity.actor)


def is_about_itself(activity: Head) -> bool:
    """Tell whether an actor deletes or updates itself: what unknown servers tell everybody."""
    if activity.type not in ABOUT_ITSELF:
        return False
    about = activity.object
    return about is not None and about.id == activity.actor.text


def require_owner(owner_uri: str, *, signer_uri: str) -> None:
    """Return if the stored owner of a thing is the one who wants to change it.

    Raises:
        Unauthorised: somebody else's thing.

    Spec: ActivityPub §7.3, §7.4, §7.12.
    """
    if owner_uri != signer_uri:
        raise Unauthorised(f"{signer_uri} may not change what belongs to {owner_uri}")


def require_embedded_trust(object_uri: str, owner_uri: str, *, signer_uri: str, relaxed: bool) -> None:
    """Return if an embedded object may be believed: its author signed it, and its id lives with its author.

    Raises:
        Unauthorised: it has to be read from its origin instead.

    Spec: FEP-fe34 §embedded objects.
    """
    require_owner(owner_uri, signer_uri=signer_uri)
    if not same_origin(canonical_uri(object_uri, relaxed=relaxed), canonical_uri(signer_uri, relaxed=relaxed)):
        raise Unauthorised(f"{object_uri} does not live with {signer_uri}")
