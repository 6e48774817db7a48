"""What the head of a page tells machines: its ActivityPub id, a preview for other sites, whether to index it."""

from dataclasses import dataclass

from quart import Response, request

from node.text.plain import one_line, shorten
from web.context import here
from web.rendering import render

LONGEST_DESCRIPTION = 300


@dataclass(frozen=True, slots=True)
class Opening:
    """Head of a page.

    Args:
        uri: the ActivityPub id of what it shows, empty for none.
        path: ours.
        kind: OpenGraph's word: article, profile, website.
        image: absolute, of ours.
        is_listed: search engines may take it.
        feed: path of an Atom feed of the same.
    """

    title: str
    path: str
    uri: str = ""
    description: str = ""
    kind: str = "website"
    language: str = ""
    image: str = ""
    image_alt: str = ""
    author: str = ""
    is_listed: bool = True
    feed: str = ""

    @property
    def url(self) -> str:
        """The absolute address of the page."""
        return here().settings.public_url + self.path

    @property
    def teaser(self) -> str:
        """The description as one line of a bearable length."""
        return shorten(one_line(self.description), LONGEST_DESCRIPTION)


async def page(template: str, opening: Opening, **values: object) -> Response:
    """Return a page that has an opening, with the same in headers; a reader of ActivityPub is sent to the id."""
    if opening.uri.startswith(f"{here().settings.public_url}/") and _reads_activities():
        return Response("", status=302, headers={"location": opening.uri, "cache-control": "no-store"})
    response = await render(template, status=200, opening=opening, **values)
    if opening.uri:
        response.headers.add("link", f'<{opening.uri}>; rel="alternate"; type="application/activity+json"')
    if not opening.is_listed:
        response.headers["x-robots-tag"] = "noindex"
    return response


def _reads_activities() -> bool:
    accept = request.headers.get("accept", "").lower()
    return "text/html" not in accept and ("application/activity+json" in accept or "application/ld+json" in accept)
