"""Security headers, the check against forms of other sites, and safe places to go on to. Pure."""

import re

from federation.errors import ProtocolError
from federation.http import Headers
from federation.names import canonical_uri
from web.access import Kind

HSTS = ("strict-transport-security", "max-age=63072000")
_PLAIN_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9@_.~!$&'()*+,;=:/?%-]*")
_HIDDEN_LINE = re.compile(r"%(0[0-9a-f]|1[0-9a-f]|7f)", re.IGNORECASE)
_HIDDEN_SLASH = re.compile(r"%(2f|5c|0[0-9a-f]|1[0-9a-f]|7f)", re.IGNORECASE)


def page_policy(media_origin: str = "") -> str:
    """Return the Content-Security-Policy of a page: our files, no script, nothing inline.

    Args:
        media_origin: scheme and host of MEDIA_URL; empty where media is served by this host.
    """
    images = f"'self' {media_origin}".strip()
    return (
        f"default-src 'self'; script-src 'none'; style-src 'self'; img-src {images}; media-src {images}; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def headers_for(kind: Kind, *, production: bool, media_origin: str = "") -> Headers:
    """Return the headers that every answer of this kind carries.

    Args:
        kind: PAGE for HTML; DATA and RAW may be read by other origins where they are public.
        production: not DEVELOPMENT: HSTS is sent.
        media_origin: see `page_policy`.
    """
    page = kind is Kind.PAGE
    policy = page_policy(media_origin) if page else "default-src 'none'; frame-ancestors 'none'"
    headers = [
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin" if page else "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin" if page else "cross-origin"),
    ]
    if production:
        headers.append(HSTS)
    return tuple(headers)


def is_cross_site(origin: str | None, fetch_site: str | None, *, public_url: str) -> bool:
    """Say whether a form came from another site.

    Args:
        origin: the Origin header; a browser sends `null` from a page with no-referrer.
        fetch_site: the Sec-Fetch-Site header, None from an old browser or a program.
        public_url: our own origin.
    """
    if fetch_site is not None and fetch_site not in {"same-origin", "none"}:
        return True
    if origin is None or origin == public_url:
        return False
    return not (origin == "null" and fetch_site == "same-origin")


def safe_path(text: str | None, *, public_url: str, relaxed: bool = False, otherwise: str = "/") -> str:
    """Return `text` if it is a path on our own origin, else `otherwise`.

    Args:
        text: what a visitor sent as the place to go on to.
        relaxed: as for `federation.names.canonical_uri`.
    """
    if not text or len(text) > 2000 or not _PLAIN_PATH.fullmatch(text):
        return otherwise
    path = text.partition("?")[0]
    if _HIDDEN_SLASH.search(path) or "//" in path or _HIDDEN_LINE.search(text):
        return otherwise
    try:
        canonical_uri(public_url + text, relaxed=relaxed)
    except ProtocolError:
        return otherwise
    return text
