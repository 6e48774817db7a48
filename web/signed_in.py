"""The pages of members and of the administration, in one list for `web.app`."""

from types import ModuleType

from web import proof
from web.admin import audit, desk, invitations, members, moderate, node, overview, queues, servers
from web.pages import (
    avoiding,
    event_forms,
    following,
    held,
    home,
    join,
    looking_up,
    more_answers,
    pinning,
    polls,
    practice_forms,
    quotes,
    react,
    settings_account,
    settings_leave,
    settings_move,
    settings_profile,
    welcome,
    write,
)

SIGNED_IN_PAGES: tuple[ModuleType, ...] = (
    looking_up,
    join,
    welcome,
    write,
    react,
    pinning,
    polls,
    quotes,
    more_answers,
    practice_forms,
    event_forms,
    home,
    following,
    avoiding,
    held,
    proof,
    settings_account,
    settings_leave,
    settings_move,
    settings_profile,
    overview,
    desk,
    moderate,
    node,
    members,
    invitations,
    servers,
    queues,
    audit,
)
