"""Every page that is looked at in a real browser. A new page gets a line here.

`furnish` in site.py makes what a page shows and puts ids into `site.names`; a path such as
`/events/{event}` is filled from there. `signed_in` names a member of `site.ROLES`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PageCase:
    """A page to look at.

    Args:
        name: of the screenshot.
        path: with the query.
        signed_in: who looks at it, empty for a visitor.
        status: what it answers.
        most_bytes: HTML and CSS compressed (W1); more only where a page is a whole form of a record.
    """

    name: str
    path: str
    signed_in: str = ""
    status: int = 200
    most_bytes: int = 50_000


PAGES = (
    PageCase("about", "/about"),
    PageCase("about_signed_in", "/about", signed_in="anna"),
    PageCase("sign_in", "/sign-in"),
    PageCase("not_found", "/there-is-no-such-page", status=404),
)
