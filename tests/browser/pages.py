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
    PageCase("front", "/"),
    PageCase("posts", "/posts"),
    PageCase("posts_signed_in", "/posts", signed_in="anna"),
    PageCase("network", "/network"),
    PageCase("tag", "/tags/openbudget"),
    PageCase("post", "/posts/{post}"),
    PageCase("post_signed_in", "/posts/{post}", signed_in="anna"),
    PageCase("post_crowded", "/posts/{crowd}"),
    PageCase("post_crowded_second_page", "/posts/{crowd}?answer={crowd_last}"),
    PageCase("post_warned", "/posts/{warned_post}"),
    PageCase("reply_from_elsewhere", "/thread?uri={reply_uri}"),
    PageCase("poll", "/posts/{poll}"),
    PageCase("poll_elsewhere", "/thread?uri={far_poll_uri}", signed_in="anna"),
    PageCase("quoting", "/posts/{quoting}", signed_in="anna"),
    PageCase("quotes", "/quotes", signed_in="anna"),
    PageCase("write_quote", "/write?quote=http%3A%2F%2Fhome.example%2Fap%2Fn%2F{post}", signed_in="anna"),
    PageCase("profile", "/@anna"),
    PageCase("profile_group", "/@practices"),
    PageCase("profile_elsewhere", "/@berta@far.example"),
    PageCase("practices", "/practices"),
    PageCase("practices_none", "/practices?country=FJ"),
    PageCase("practice", "/practices/{record}"),
    PageCase("practice_signed_in", "/practices/{record}", signed_in="anna"),
    PageCase("practice_version", "/practices/{record}/v/1"),
    PageCase("practice_elsewhere", "/thread?uri={far_record_uri}"),
    PageCase("events", "/events"),
    PageCase("events_past", "/events?when=past"),
    PageCase("event", "/events/{event}"),
    PageCase("event_cancelled", "/events/{cancelled}"),
    PageCase("event_elsewhere", "/thread?uri={far_event_uri}"),
    PageCase("search", "/search"),
    PageCase("search_found", "/search?q=budget"),
    PageCase("search_nothing", "/search?q=zzzz"),
    PageCase("practices_narrow", "/practices?country=TO&theme=public-finance"),
    PageCase("event_signed_in", "/events/{event}", signed_in="anna"),
    PageCase("interact_waiting", "/looking-up/{waiting}"),
    PageCase("interact_found", "/interact/there?about={network}&intent=follow&found={found}"),
    PageCase("interact_by_hand", "/interact/there?about={network}&intent=follow&found={plain}"),
    PageCase("authorize", "/authorize_interaction?uri=https%3A%2F%2Fnew.example%2F1", signed_in="anna"),
    PageCase("join", "/join/{invitation}"),
    PageCase("welcome", "/welcome", signed_in="sefa"),
    PageCase("home", "/home", signed_in="anna"),
    PageCase("drafts", "/drafts", signed_in="anna"),
    PageCase("notifications", "/notifications", signed_in="anna"),
    PageCase("requests", "/requests", signed_in="anna"),
    PageCase("following", "/following", signed_in="anna"),
    PageCase("followers", "/followers", signed_in="anna"),
    PageCase("looking_up", "/looking-up/{ticket}"),
    PageCase("write", "/write", signed_in="anna"),
    PageCase("write_answer", "/write?reply_to={reply_uri}", signed_in="anna"),
    PageCase("post_edit", "/posts/{post}/edit", signed_in="anna"),
    PageCase("post_delete", "/posts/{post}/delete", signed_in="anna"),
    PageCase("practice_new", "/practices/new", signed_in="anna"),
    PageCase("lead_new", "/practices/new?stage=lead", signed_in="anna"),
    PageCase("practice_edit", "/practices/{record}/edit", signed_in="anna"),
    PageCase("practice_withdraw", "/practices/{record}/withdraw", signed_in="anna"),
    PageCase("event_new", "/events/new", signed_in="sefa"),
    PageCase("event_edit", "/events/{event}/edit", signed_in="anna"),
    PageCase("event_end", "/events/{event}/end", signed_in="anna"),
    PageCase("report", "/report?uri=http%3A%2F%2Fhome.example%2Fap%2Fn%2F{post}"),
    PageCase("report_signed_in", "/report?uri=https%3A%2F%2Ffar.example%2Fusers%2Fberta", signed_in="anna"),
    PageCase("modlog", "/about/moderation"),
    PageCase("decision", "/moderation/{decision}", signed_in="anna"),
    PageCase("own_report", "/reports/{own_report}", signed_in="anna"),
    PageCase("admin_desk", "/admin/desk", signed_in="sefa"),
    PageCase("admin_reports_none", "/admin/reports", signed_in="sefa"),
    PageCase("admin_report", "/admin/reports/{report}", signed_in="sefa"),
    PageCase("admin_moderate", "/admin/moderate?uri=https%3A%2F%2Ffar.example%2Fusers%2Fberta", signed_in="sefa"),
    PageCase("held", "/library/held", signed_in="sefa"),
    PageCase("held_events", "/library/held?kind=events", signed_in="sefa"),
    PageCase("held_refused_none", "/library/held?refused=1", signed_in="sefa"),
    PageCase("home_editor", "/home", signed_in="sefa"),
    PageCase("settings", "/settings", signed_in="anna"),
    PageCase("settings_profile", "/settings/profile", signed_in="anna"),
    PageCase("settings_move", "/settings/move", signed_in="anna"),
    PageCase("settings_avoided", "/settings/avoided", signed_in="anna"),
    PageCase("avoid", "/avoid?uri=https%3A%2F%2Ffar.example%2Fusers%2Fberta", signed_in="anna"),
    PageCase("settings_leave", "/settings/leave", signed_in="anna"),
    PageCase("settings_account", "/settings/account", signed_in="anna"),
    PageCase("admin", "/admin", signed_in="sefa"),
    PageCase("admin_node", "/admin/node", signed_in="sefa"),
    PageCase("admin_groups", "/admin/groups", signed_in="sefa"),
    PageCase("admin_group", "/admin/groups/practices", signed_in="sefa"),
    PageCase("admin_members", "/admin/members", signed_in="sefa"),
    PageCase("admin_invitations", "/admin/invitations", signed_in="sefa"),
    PageCase("admin_servers", "/admin/servers", signed_in="sefa"),
    PageCase("admin_server", "/admin/servers/spam.example", signed_in="sefa"),
    PageCase("admin_queues", "/admin/queues", signed_in="sefa"),
    PageCase("admin_received", "/admin/received", signed_in="sefa"),
    PageCase("admin_received_one", "/admin/received/{received}", signed_in="sefa"),
    PageCase("admin_received_none", "/admin/received?uri=https%3A%2F%2Ffar.example%2F0", signed_in="sefa"),
    PageCase("admin_delivery", "/admin/deliveries/{delivery}", signed_in="sefa"),
    PageCase("admin_job", "/admin/jobs/{job}", signed_in="sefa"),
    PageCase("admin_actor", "/admin/actors?handle=@berta@far.example", signed_in="sefa"),
    PageCase("admin_actor_none", "/admin/actors?handle=@nobody@far.example", signed_in="sefa", status=404),
    PageCase("admin_retention", "/admin/retention", signed_in="sefa"),
    PageCase("admin_audit", "/admin/audit", signed_in="sefa"),
    PageCase("about", "/about"),
    PageCase("about_signed_in", "/about", signed_in="anna"),
    PageCase("sign_in", "/sign-in"),
    PageCase("not_found", "/there-is-no-such-page", status=404),
)
