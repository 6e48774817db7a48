"""What a post quotes, as pages show it: the words where their author lets them be shown, else a link."""

from dataclasses import dataclass

from node.community.views import QuotedView
from node.text.sanitise import CleanHtml, again
from web.places import object_path
from web.shown.people import PersonShown, open_address, person


@dataclass(frozen=True, slots=True)
class QuoteShown:
    """A quote.

    Args:
        author: None where only a link may be shown.
        path: our page about it, else its own address.
        host: where it stands, for the words of the link.
    """

    path: str
    host: str
    is_waiting: bool
    author: PersonShown | None
    title: str
    warning: str
    content: CleanHtml
    language: str


def quote_shown(quoted: QuotedView) -> QuoteShown | None:
    """Return a quote as pages show it, None if not even its address can be, or its server is blocked."""
    url = open_address(quoted.uri)
    if not url:
        return None
    return QuoteShown(
        path=object_path(quoted.uri, "post", is_local=quoted.is_local) if quoted.is_known else url,
        host=url.partition("://")[2].partition("/")[0],
        is_waiting=quoted.is_waiting,
        author=person(quoted.author) if quoted.author else None,
        title=quoted.title,
        warning=quoted.warning,
        content=again(quoted.content_html),
        language=quoted.language,
    )
