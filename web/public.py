"""The pages that everybody reads, in one list for `web.app`."""

from types import ModuleType

from web.pages import interact, media, robots

PUBLIC_PAGES: tuple[ModuleType, ...] = (interact, media, robots)
