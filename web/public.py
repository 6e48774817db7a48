"""The pages that everybody reads, in one list for `web.app`."""

from types import ModuleType

from web.pages import (
    authorize,
    elsewhere,
    feeds,
    front,
    interact,
    media,
    meetings,
    post,
    profile,
    records,
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
    search,
    feeds,
    authorize,
    interact,
    media,
    robots,
)
