"""What the pages of members ask first: who this is, what the node trusts, where it lives."""

from node.community.sessions import SignedIn
from node.errors import SignInNeeded
from node.policy.registry import Registry
from web.context import here, house


def wants_password() -> bool:
    """Say whether the member has no password and signed in so lately that they can set one at once."""
    session = me()
    return session.member.password_hash is None and session.is_fresh(here().now)


def me() -> SignedIn:
    """Return who is signed in; its `member` has the actor loaded.

    Raises:
        SignInNeeded: nobody is; the route table asks earlier, so that this is only the last word.
    """
    session = here().session
    if session is None:
        raise SignInNeeded("a page of members")
    return session


def registry() -> Registry:
    """Return this process's book of what other servers may do."""
    return house().doors.registry


def base() -> str:
    """Return the public URL without a slash at its end."""
    return here().settings.public_url.rstrip("/")
