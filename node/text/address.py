"""E-mail addresses: one strict pattern, read the same by every mail server. Pure."""

import re

import idna

from node.errors import Invalid

LONGEST = 254
LONGEST_LOCAL = 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ADVICE = "Give one address such as amina@example.org, without spaces, commas, quotes or percent signs."


def parse_address(text: str, *, field: str = "email") -> str:
    """Return the one canonical spelling of an address: lower case, the domain as A-labels.

    Args:
        text: what somebody typed.
        field: where a complaint belongs.

    Raises:
        Invalid: not one plain address of at most 254 characters.

    Spec: RFC 5321 §4.1.2, without quoted strings, comments, address literals and source routes.
    """
    local, at, domain = text.strip(" ").rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL or len(text) > LONGEST:
        raise Invalid({field: _ADVICE})
    try:
        ascii_domain = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as error:
        raise Invalid({field: _ADVICE}) from error
    canonical = f"{local.lower()}@{ascii_domain}"
    if not _DOMAIN.fullmatch(ascii_domain) or len(canonical) > LONGEST:
        raise Invalid({field: _ADVICE})
    return canonical
