"""What can go wrong inside the community.

    CommunityError
      NotFound          no such thing here (web answers 404)
      Withdrawn         it was here and was deleted (410)
        Spent           a link that works once was used already, or ran out (410)
      SignInNeeded      the visitor has to sign in first (401)
      NotAllowed        signed in, but this role may not do that (403)
      Invalid           what was typed needs changing, field by field (422)
      Conflict          somebody else changed or took it meanwhile (409)
      TooLarge          more bytes than the limit (413)
      WrongType         a media type that isn't taken here (415)
      Later             right, but not now; carries retry_after
        TooMany         this visitor or host asks too often (429)
        Full            a queue or a store has no room (503)
        Draining        the process is shutting down (503)
        Unavailable     the database can't be reached or written (503)

`str(error)` helps the operator; `public_text` is what strangers see.
"""

from collections.abc import Mapping


class CommunityError(Exception):
    """Anything that keeps the community from doing what was asked."""

    public_text = "That did not work."


class NotFound(CommunityError):
    """There is no such thing on this node, or not for this visitor."""

    public_text = "Not found."


class Withdrawn(CommunityError):
    """It was here once and has been deleted."""

    public_text = "Deleted."


class Spent(Withdrawn):
    """A link that works once was used already, taken back, or has run out."""

    public_text = "This link was used already or has run out."


class SignInNeeded(CommunityError):
    """Only people who have signed in may see or do this."""

    public_text = "Please sign in."


class NotAllowed(CommunityError):
    """The person is known and may not do this."""

    public_text = "Not allowed."


class Invalid(CommunityError):
    """What was given can't be taken as it is.

    Attributes:
        fields: what to change, by the name of the field; "" for the whole.
    """

    public_text = "Please check what you entered."

    def __init__(self, fields: Mapping[str, str] | str) -> None:
        self.fields: Mapping[str, str] = {"": fields} if isinstance(fields, str) else dict(fields)
        said = (f"{name}: {text}" if name else text for name, text in self.fields.items())
        super().__init__("; ".join(said))


class Conflict(CommunityError):
    """Somebody else was there first: a taken name, an older version."""

    public_text = "Somebody else changed this meanwhile."


class TooLarge(CommunityError):
    """It has more bytes, or more parts, than the node takes."""

    public_text = "Too large."


class WrongType(CommunityError):
    """The node doesn't take this media type."""

    public_text = "This type is not accepted."


class Later(CommunityError):
    """The same request may well succeed later.

    Attributes:
        retry_after: seconds until another try makes sense.
    """

    public_text = "Try again later."

    def __init__(self, reason: str, *, retry_after: int = 30) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class TooMany(Later):
    """This visitor, member or host asks more often than allowed."""

    public_text = "Too many requests. Try again later."


class Full(Later):
    """A queue or a store has reached its bound."""


class Draining(Later):
    """This process finishes what it has and takes nothing new."""


class Unavailable(Later):
    """The database can't be reached, or can't write now."""
