"""Text that may stand in XML and in calendars. Pure."""

import re

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """Return ``text`` without the characters that XML 1.0 forbids."""
    return _ILLEGAL.sub("", text)
