"""Links that say another server than the one to which they lead: their words become the true address. Pure, linear.

Spec: security V-M04.
"""

import html
import re

from node.text.allowed import LINK_REL
from node.text.plain import shorten
from node.text.sanitise import CleanHtml

LONGEST_SHOWN = 60
_LINK = re.compile(r'<a (?P<attributes>[^<>]*href="(?P<href>[^"<>]*)"[^<>]*)>(?P<inner>.*?)</a>', re.S)
_TAG = re.compile(r"<[^<>]*>")
_HOST = re.compile(r"(?<![\w.-])(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,63}(?![\w-])")
"""What reads like a host name."""
_ADDRESS = re.compile(r"https?://([^/?#]*)", re.I)


def with_true_hosts(clean: CleanHtml) -> CleanHtml:
    """Return cleaned HTML in which no link names a host that it does not lead to.

    Args:
        clean: as the sanitiser gives it; its links do not nest.
    """
    return CleanHtml(_LINK.sub(_honest, clean.html), is_reduced=clean.is_reduced)


def _honest(found: re.Match[str]) -> str:
    address = _ADDRESS.match(html.unescape(found["href"]))
    if address is None:
        return found[0]
    words = html.unescape(_TAG.sub("", found["inner"]))
    named = {each.lower() for each in _HOST.findall(words)}
    if named <= {address[1].lower(), address[1].lower().removeprefix("www.")}:
        return found[0]
    shown = shorten(html.unescape(found["href"]).partition("://")[2].rstrip("/"), LONGEST_SHOWN)
    return f'<a href="{found["href"]}" rel="{LINK_REL}">{html.escape(shown, quote=False)}</a>'
