"""Pictures in the place of short codes, in the words of clean HTML and nowhere else. Pure."""

import re
from collections.abc import Mapping
from html import escape

from node.text.sanitise import CleanHtml

MOST = 100
"""So many pictures stand in one text; further codes stay codes."""
_PIECES = re.compile(r"(<(?:[^<>\"]|\"[^\"]*\")*>)")
"""A tag; its attributes stand in quotation marks, in which a > may stand too."""
_CODE = re.compile(r":[A-Za-z0-9_.+-]{1,60}:")


def with_emoji(clean: CleanHtml, pictures: Mapping[str, str]) -> CleanHtml:
    """Return clean HTML with pictures for short codes.

    Args:
        pictures: by code with its colons, the address under which this node serves it; nobody else's address.
    """
    if not pictures:
        return clean
    left = MOST

    def shown(found: re.Match[str]) -> str:
        nonlocal left
        code = found.group()
        if code not in pictures or left < 1:
            return code
        left -= 1
        return f'<img class="emoji" src="{escape(pictures[code])}" alt="{escape(code)}" title="{escape(code)}">'

    pieces = _PIECES.split(clean.html)
    made = [piece if piece.startswith("<") else _CODE.sub(shown, piece) for piece in pieces]
    return CleanHtml("".join(made), is_reduced=clean.is_reduced)
