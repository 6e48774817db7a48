"""What search engines are asked to leave alone."""

from quart import Quart, Response

ASKED = """\
User-agent: *
Disallow: /search
Disallow: /interact
Disallow: /looking-up/
Disallow: /authorize_interaction
Disallow: /share
Disallow: /sign-in
Disallow: /elsewhere
Disallow: /admin
"""


async def robots() -> Response:
    """Answer robots.txt."""
    response = Response(ASKED, content_type="text/plain; charset=utf-8")
    response.headers["cache-control"] = "public, max-age=86400"
    return response


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/robots.txt", view_func=robots, methods=["GET"])
