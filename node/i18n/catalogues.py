"""Making the catalogues: extract from source and templates, update, compile, check.

Only developers run this; the node reads the compiled files.
"""

from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from node.i18n.translator import DOMAIN, FOLDER

ROOT = Path(__file__).parents[2]
SOURCES = ("node", "inbox", "outbox", "web")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
TEMPLATES = {"**/templates/**.html": {"silent": "false"}, "**/templates/**.txt": {"silent": "false"}}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "mark": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLURALS = {"ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"}
"""The order of forms that translators know, where Babel's own differs."""
_EPOCH = datetime(2026, 11, 21, tzinfo=UTC)
_HEADER = "# Translations of Talanoa.\n# This file is distributed under the same licence as Talanoa."


def locales() -> tuple[str, ...]:
    """Return the languages that have a catalogue."""
    return tuple(sorted(path.name for path in FOLDER.iterdir() if (path / "LC_MESSAGES").is_dir()))


def path_of(locale: str, suffix: str = ".po") -> Path:
    """Return where a catalogue lies; ``suffix`` `.po` or `.mo`."""
    return FOLDER / locale / "LC_MESSAGES" / f"{DOMAIN}{suffix}"


def extract(root: Path = ROOT) -> Catalog:
    """Return every string that source and templates put through gettext."""
    template = Catalog(project="Talanoa", charset="utf-8", creation_date=_EPOCH, header_comment=_HEADER)
    for source in SOURCES:
        if not (root / source).is_dir():
            continue
        found = extract_from_dir(
            root / source,
            METHODS,
            TEMPLATES,
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        )
        for name, _line, text, comments, context in sorted(found, key=lambda row: (row[0], row[1])):
            template.add(text, locations=[(f"{source}/{name}", 0)], auto_comments=comments, context=context)
    return template


def read(locale: str) -> Catalog:
    """Return the catalogue of a language as translators left it; an empty one if there is none."""
    path = path_of(locale)
    if not path.exists():
        catalogue = Catalog(locale=locale, domain=DOMAIN)
        if locale in PLURALS:
            catalogue.mime_headers = [("Plural-Forms", PLURALS[locale])]
        return catalogue
    with path.open("rb") as file:
        return read_po(file, locale=locale, domain=DOMAIN)


def update(locale: str, template: Catalog) -> Catalog:
    """Bring a catalogue up to date with ``template`` and write it; English translates itself."""
    catalogue = read(locale)
    catalogue.update(deepcopy(template), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = _EPOCH
    catalogue.header_comment = _HEADER
    catalogue.project, catalogue.version, catalogue.fuzzy = "Talanoa", "1", False
    if locale == "en":
        for message in _strings(catalogue):
            message.string = message.id
    target = path_of(locale)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False, sort_output=True)
    return catalogue


def compiled(locale: str) -> bytes:
    """Return the compiled form of a catalogue as it is on disk."""
    buffer = BytesIO()
    write_mo(buffer, read(locale))
    return buffer.getvalue()


def compile_all() -> None:
    """Write the compiled form beside every catalogue."""
    for locale in locales():
        path_of(locale, ".mo").write_bytes(compiled(locale))


def missing(locale: str, template: Catalog) -> tuple[str, ...]:
    """Return the strings of ``template`` without a complete translation, in English."""
    catalogue = read(locale)
    return tuple(_name(wanted) for wanted in _strings(template) if not _is_translated(catalogue, wanted))


def wrong_fields(locale: str) -> tuple[str, ...]:
    """Return the strings whose translation names other `%(fields)s` than the English text."""
    catalogue = read(locale)
    return tuple(
        _name(message)
        for message in _strings(catalogue)
        if message.string and any(True for _ in message.check(catalogue))
    )


def _is_translated(catalogue: Catalog, wanted: Message) -> bool:
    found = catalogue.get(wanted.id if isinstance(wanted.id, str) else wanted.id[0], wanted.context)
    if found is None or found.fuzzy:
        return False
    if isinstance(found.id, str):
        return bool(found.string)
    forms = tuple(found.string or ())
    return len(forms) == catalogue.num_plurals and all(forms)


def _strings(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _name(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]
