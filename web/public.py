"""The pages that everybody reads, in one list for `web.app`."""

from types import ModuleType

from web.pages import (
    authorize,
    decisions,
    elsewhere,
    elsewhere_pictures,
    feeds,
    front,
    interact,
    media,
    meetings,
    post,
    profile,
    records,
    report,
    robots,
    search,
    timelines,
)

PUBLIC_PAGES: tuple[ModuleType, ...] = (
    front,
    timelines,
    post,
    profile,
    records,
    meetings,
    elsewhere,
    elsewhere_pictures,
    search,
    feeds,
    authorize,
    interact,
    media,
    robots,
    report,
    decisions,
)
