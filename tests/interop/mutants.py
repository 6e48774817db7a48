"""Real documents with one member replaced by something that no server should send."""

from collections.abc import Iterator

from tests.peers.actors import Json

Path = tuple[str | int, ...]

ODD: dict[str, object] = {
    "null": None,
    "number": 5,
    "list": ["https://far.example/1", 5, None],
    "object": {"id": {"id": []}, "type": 5},
    "nested list": [[[["x"], {}], None]],
    "long string": "x" * 70_000,
}
UNTOUCHED = "@context"


def paths_of(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield the way to every member and item of a document, outermost first; contexts are left alone."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != UNTOUCHED:
                yield from paths_of(inner, (*path, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths_of(inner, (*path, index))


def replaced(value: object, path: Path, new: object) -> object:
    """Return a copy of `value` in which `new` stands at `path`; what isn't on the way is shared."""
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {**value, head: replaced(value[head], rest, new)}
    assert isinstance(value, list)
    assert isinstance(head, int)
    return [*value[:head], replaced(value[head], rest, new), *value[head + 1 :]]


def mutants_of(document: Json) -> Iterator[tuple[Path, str, Json]]:
    """Yield where, by what, and the changed document, for every member and every odd value."""
    for path in paths_of(document):
        for name, odd in ODD.items():
            changed = replaced(document, path, odd)
            assert isinstance(changed, dict)
            yield path, name, changed
