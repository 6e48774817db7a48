"""What expires, after how long, and what keeps a thing: the rules of retention. Pure but for the plan of the rows.

A foreign post stays as long as anybody here has to do with it: answered, liked, passed on, named, followed, quoted,
in a thread with ours, or on the desk of the moderators. A foreign actor stays as long as any row names them.
"""

from dataclasses import dataclass
from datetime import timedelta

from node.models import Actor
from node.settings import Settings

_TABLES = ("liking", "boost", "reaction", "vote", "pin", "mention")
POSTS, ACTORS, PICTURES = "foreign posts", "foreign people", "foreign pictures"


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of one table that go when they are old enough.

    Args:
        name: as operators read it.
        table: whose rows.
        condition: of SQL over the table as `t`, with one `?` for the moment before which rows are old.
        days: how long they stay; 0 for ever.
        setting: where the days come from, empty for what nobody can change.
    """

    name: str
    table: str
    condition: str
    days: int
    setting: str = ""

    @property
    def age(self) -> timedelta:
        """Return how long the rows stay."""
        return timedelta(days=self.days)


def rules(settings: Settings) -> tuple[Rule, ...]:
    """Return all rules, in the order in which they are applied: what refers goes before what is referred to."""
    ended = "t.state IN ('delivered', 'refused', 'expired', 'cancelled')"
    posts = f"NOT t.is_local AND t.received_at < ? AND {_unreferred_post()}"
    actors = f"NOT t.is_local AND t.state = 'active' AND t.created_at < ? AND {unreferred_actor()}"
    waiting = "t.state <> 'pending'"
    found = (
        ("received activities", "received_activity", f"t.received_at < ? AND {waiting}", "keep_received_days"),
        ("ended deliveries", "delivery", f"t.ended_at < ? AND {ended}", "keep_deliveries_days"),
        ("ended jobs", "job", "t.ended_at < ? AND t.state IN ('done', 'dead')", "keep_jobs_days"),
        ("sent letters", "outgoing_mail", f"t.created_at < ? AND {waiting}", "keep_letters_days"),
        ("notices", "notification", "t.created_at < ?", "keep_notices_days"),
        ("sign-ins that ran out", "session", "t.expires_at < ?", ""),
        (POSTS, "post", posts, "keep_posts_days"),
        (ACTORS, "actor", actors, "keep_people_days"),
        (PICTURES, "foreign_picture", "t.used_at < ?", "foreign_picture_days"),
    )
    days = {"": 1} | {setting: int(getattr(settings, setting)) for *_, setting in found if setting}
    return tuple(Rule(name, table, condition, days[setting], setting) for name, table, condition, setting in found)


def _unreferred_post() -> str:
    ours = "JOIN actor a ON a.id = r.actor_id WHERE a.is_local AND r.object_uri = t.uri"
    by_ours = [f"SELECT 1 FROM {table} r {ours}" for table in _TABLES]  # noqa: S608
    others = [
        "SELECT 1 FROM post r WHERE r.in_reply_to_uri = t.uri AND r.is_local",
        "SELECT 1 FROM post r WHERE r.thread_uri = t.thread_uri AND r.is_local",
        "SELECT 1 FROM post r WHERE r.uri = t.in_reply_to_uri AND r.is_local",
        "SELECT 1 FROM practice r WHERE r.uri = t.thread_uri AND r.is_local",
        "SELECT 1 FROM event r WHERE r.uri = t.thread_uri AND r.is_local",
        "SELECT 1 FROM follow r JOIN actor a ON a.id = r.follower_id WHERE r.target_id = t.author_id AND a.is_local",
        "SELECT 1 FROM quote r JOIN actor a ON a.id = r.quoter_id WHERE r.quoted_uri = t.uri AND a.is_local",
        "SELECT 1 FROM quote r JOIN post p ON p.uri = r.quoted_uri WHERE r.quoting_uri = t.uri AND p.is_local",
        "SELECT 1 FROM moderation_act r WHERE r.object_uri = t.uri",
        "SELECT 1 FROM report r WHERE r.target_id = t.author_id",
    ]
    return " AND ".join(f"NOT EXISTS ({each})" for each in (*by_ours, *others))


def unreferred_actor() -> str:
    """Return the condition that no row names an actor; the tables are those that the models know."""
    names = sorted(Actor._meta.backward_fk_fields | Actor._meta.backward_o2o_fields)
    found = []
    for name in names:
        relation = Actor._meta.fields_map[name]
        table, column = relation.related_model._meta.db_table, relation.relation_field  # type: ignore[attr-defined]
        if table != "actor_key":
            found.append(f"NOT EXISTS (SELECT 1 FROM {table} r WHERE r.{column} = t.id)")  # noqa: S608
    return " AND ".join(found)
