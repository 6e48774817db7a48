"""Practice records: the list with its filters, one record, its earlier versions."""

from collections.abc import Mapping
from urllib.parse import urlencode

from quart import Quart, Response, request

from node.community import addresses, library, practice_terms, record_versions, threads
from node.community.library import PracticeFilter
from node.community.views import PracticeView
from node.community.visibility import Viewer
from node.i18n import gettext as _
from node.i18n.dates import countries, own_name
from web.context import here
from web.forms import blank
from web.opening import Opening, page
from web.reader import before, older_path, part, reader
from web.rendering import go
from web.shown.practices import RecordShown, record_card, record_shown
from web.shown.threads import thread_shown

FILTERS = ("country", "theme", "kind", "status", "outcome", "language")
LONGEST_VALUE = 40
LONGEST_WORDS = 200


async def records() -> Response:
    """Show the library, narrowed to what the visitor chose; words lead to the search."""
    words = request.args.get("q", "").strip()
    if words:
        return go(f"/search?{urlencode({'q': words[:LONGEST_WORDS], 'kind': 'practice'})}")
    chosen = {name: request.args.get(name, "").strip()[:LONGEST_VALUE] for name in FILTERS}
    found = await library.practices(await reader(), _filter(chosen), before=before())
    is_narrow = any(chosen.values())
    opening = Opening(
        title=_("Practices"),
        path="/practices",
        uri=addresses.group_uri(here().settings.public_url, "practices"),
        description=_("What worked, what did not, and why: practice records by those who did it."),
        is_listed=not is_narrow and before() is None,
        feed="/practices.atom",
    )
    return await page(
        "practices.html",
        opening,
        form=blank(**chosen),
        options=_options(),
        is_narrow=is_narrow,
        records_shown=[record_card(record) for record in found.items],
        older=older_path(found.next, **chosen),
    )


async def record(public_id: str) -> Response:
    """Show a record of ours.

    Raises:
        NotFound: there is none, or not for this visitor.
        Withdrawn: it was taken back.
    """
    viewer = await reader()
    return await record_page(await library.practice(public_id, viewer), viewer)


async def version(public_id: str, number: int) -> Response:
    """Show a record as it once was published; raises like `record`."""
    viewer = await reader()
    newest = await library.practice(public_id, viewer)
    return await record_page(await record_versions.as_it_was(newest, number), viewer, newest=newest.version)


async def record_page(found: PracticeView, viewer: Viewer, *, newest: int = 0) -> Response:
    """Return the page of a record, ours or foreign.

    Args:
        newest: the number of the newest version where an earlier one is shown.
    """
    shown = record_shown(found)
    around = thread_shown(
        await threads.thread(found.uri, viewer, part()), **({} if found.is_local else {"uri": found.uri})
    )
    opening = _opening(shown, is_listed=shown.is_listed and shown.is_local and around.is_listed and not newest)
    versions = await record_versions.versions_of(found)
    return await page("practice.html", opening, record=shown, thread=around, versions=versions, newest=newest)


def _opening(record: RecordShown, *, is_listed: bool) -> Opening:
    picture = next((picture for picture in record.pictures if picture.source), None)
    return Opening(
        title=record.card.title,
        path=record.card.path,
        uri=record.uri,
        description=record.card.summary,
        kind="article",
        language=record.card.language,
        image=picture.url if picture else "",
        image_alt=picture.alt if picture else "",
        author=record.card.author.full_handle,
        is_listed=is_listed,
    )


def _filter(chosen: Mapping[str, str]) -> PracticeFilter:
    return PracticeFilter(
        country=chosen["country"],
        theme=chosen["theme"],
        kind=chosen["kind"],
        status=chosen["status"],
        outcome=chosen["outcome"],
        language=chosen["language"],
    )


def _options() -> dict[str, list[tuple[str, str]]]:
    """Return what each filter offers, in the visitor's language."""
    here_now = here()
    locale = here_now.translator.locale
    return {
        "country": list(countries(locale)),
        "theme": list(practice_terms.choices("theme")),
        "kind": list(practice_terms.choices("kind")),
        "status": list(practice_terms.choices("status")),
        "outcome": list(practice_terms.choices("outcome")),
        "language": [(tag, own_name(tag)) for tag in here_now.settings.languages],
    }


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/practices", "records.records", records, methods=["GET"])
    app.add_url_rule("/practices/<public_id>", "records.record", record, methods=["GET"])
    app.add_url_rule("/practices/<public_id>/v/<int:number>", "records.version", version, methods=["GET"])
