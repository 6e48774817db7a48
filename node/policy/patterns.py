"""How an entry names the hosts it speaks about: an exact host, or `*.` and a host. Pure."""

import re

from federation.errors import Malformed
from federation.names import canonical_host

WILDCARD = "*."
_SHARED_LABELS = frozenset(
    ("ac", "ad", "co", "com", "ed", "edu", "go", "gob", "gouv", "gov", "govt", "gub", "id", "info")
    + ("int", "ltd", "me", "mil", "my", "ne", "net", "nic", "nom", "or", "org", "plc", "school")
)  # fmt: skip
_COUNTRY = re.compile(r"[a-z]{2}")


def canonical_pattern(text: str, *, relaxed: bool = False) -> str:
    """Return the one spelling of a pattern as an administrator writes it.

    Args:
        text: a host in ASCII or Unicode, or `*.` and a host for all hosts below it.
        relaxed: development: also `localhost` and odd ports.

    Raises:
        Malformed: not a public host name.

    Spec: security T-70 to T-78, T-83.
    """
    if not text.startswith(WILDCARD):
        return canonical_host(text, relaxed=relaxed)
    return f"{WILDCARD}{canonical_host(text.removeprefix(WILDCARD), relaxed=relaxed)}"


def require_no_suffix(pattern: str) -> None:
    """Raise Malformed if `pattern` means everybody below a suffix that strangers share. Spec: security T-74."""
    if pattern.startswith(WILDCARD) and is_shared_suffix(pattern.removeprefix(WILDCARD)):
        raise Malformed(f"{pattern[:80]} would mean every organisation below it; name the hosts themselves")


def is_shared_suffix(host: str) -> bool:
    """Tell whether strangers register names directly below `host`, such as `co.uk` or `org.fj`."""
    first, _, rest = host.partition(".")
    return first in _SHARED_LABELS and _COUNTRY.fullmatch(rest) is not None
