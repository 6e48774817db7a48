"""What can be wrong with something foreign.

    ProtocolError
      Malformed         it cannot be read; the sender must change it (answer 400)
      Unauthenticated   who sent it is not proven (401)
      Unauthorised      proven, but this actor may not say that (403)
      Refused           our policy or the other side's answer says no (403)
        NotFound        there is no such thing; the origin answered 404, which proves no deletion (404)
      Gone              the origin says that it was deleted (410)
      Unreachable       nobody could be asked now; try later (503)

`str(error)` helps the operator; `public_text` is what strangers see.
"""


class ProtocolError(Exception):
    """Anything wrong with what another server said, or did not say."""

    public_text = "The request could not be handled."


class Malformed(ProtocolError):
    """The bytes are not what the protocol asks for."""

    public_text = "The request could not be read."


class Unauthenticated(ProtocolError):
    """The signature does not prove who sent this."""

    public_text = "The signature could not be verified."


class Unauthorised(ProtocolError):
    """The proven actor may not do this."""

    public_text = "This actor may not do that."


class Refused(ProtocolError):
    """Policy forbids it, or the other server answered with a final no."""

    public_text = "Not allowed."


class NotFound(Refused):
    """There is no such thing, here or at the origin; unlike Gone it proves no deletion."""

    public_text = "Not found."


class Gone(ProtocolError):
    """The origin answered 410: the thing was deleted there."""

    public_text = "Deleted."


class Unreachable(ProtocolError):
    """The other server could not be asked now.

    Attributes:
        retry_after: seconds until another try makes sense.
    """

    public_text = "Try again later."

    def __init__(self, reason: str, *, retry_after: int = 60) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
