"""E-mail addresses: one strict pattern, so that no mail server can read them differently. Pure."""

import re

from node.errors import Invalid
from node.i18n import mark

LONGEST = 254

_LOCAL = r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"(?P<local>{_LOCAL})@(?:{_LABEL}\.)+(?:xn--[a-z0-9-]{{1,59}}|[a-z]{{2,63}})\Z")
_LONGEST_LOCAL = 64


def parse_address(text: str, *, field: str = "email") -> str:
    """Return an address in lower case.

    Args:
        text: as typed; blanks around it are dropped.
        field: the name of the form's field, for the error.

    Raises:
        Invalid: not one plain address in ASCII of at most 254 characters.

    Spec: security T-91, V-M32.
    """
    address = text.strip(" ").lower() if text.isascii() else ""
    match = _ADDRESS.match(address) if len(address) <= LONGEST else None
    if match is None or len(match["local"]) > _LONGEST_LOCAL:
        raise Invalid({field: mark("Please enter one e-mail address, such as name@network.example.")})
    return address
