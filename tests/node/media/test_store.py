"""Files of pictures are whole or absent, and nothing else can be read through the store (R-16)."""

import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from node.errors import NotFound, Unavailable
from node.media.patterns import avatar, header
from node.media.store import MediaStore, media_store

NAME = "01hzy3k8q2w4e6r8t0abcdefgh"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return media_store(tmp_path, "https://home.example")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "../secret-key",
        "gh/../../secret-key",
        "/etc/passwd",
        "gh/" + NAME + ".svg",
        "gh/" + NAME + ".webp\n",
        "gh/x.webp",
    ],
)
async def test_only_paths_of_pictures_are_found(store: MediaStore, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret-key").write_text("secret")

    with pytest.raises(NotFound):
        store.find(path)


@pytest.mark.parametrize("name", ["", "../../x", "short", "A" * 26, NAME + "/x"])
async def test_only_random_names_are_written(store: MediaStore, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        await store.keep(b"x", name=name)

    assert list(tmp_path.rglob("*")) == []


async def test_a_write_that_fails_leaves_nothing_behind(
    store: MediaStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-13: the disk is full when the bytes are to be kept for good."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(Unavailable, match="No space left"):
        await store.keep(b"data", name=NAME)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_picture_is_kept_found_and_removed(store: MediaStore, tmp_path: Path) -> None:
    path = await store.keep(b"data", name=NAME)

    file, media_type = store.find(path)
    assert (path, file.read_bytes(), media_type) == (f"gh/{NAME}.webp", b"data", "image/webp")
    assert store.url_of(path) == f"https://home.example/media/gh/{NAME}.webp"
    await store.remove(path)
    await store.remove(path)
    with pytest.raises(NotFound):
        store.find(path)


async def test_files_without_a_row_go_and_young_ones_stay(store: MediaStore, tmp_path: Path) -> None:
    known = await store.keep(b"1", name="a" * 26)
    orphan = await store.keep(b"2", name="b" * 26)
    young = await store.keep(b"3", name="c" * 26)
    for path, seconds in ((known, 100_000), (orphan, 100_000), (young, 10)):
        moment = NOW.timestamp() - seconds
        os.utime(store.find(path)[0], (moment, moment))

    removed = await store.remove_orphans([known], before=datetime.fromtimestamp(NOW.timestamp() - 86_400, UTC))

    assert removed == 1
    assert sorted(file.name[0] for file in tmp_path.rglob("*.webp")) == ["a", "c"]


def test_pictures_have_an_address_of_their_own_if_the_operator_wants(tmp_path: Path) -> None:
    store = media_store(tmp_path, "https://home.example", "https://media.example")

    assert store.url_of("x") == "https://media.example/media/x"


def test_a_drawn_picture_is_small_and_always_the_same_for_its_name() -> None:
    assert avatar("practices") == avatar("practices")
    assert avatar("practices") != avatar("events")
    with Image.open(BytesIO(avatar("practices"))) as square, Image.open(BytesIO(header("practices"))) as wide:
        assert (square.format, square.size, wide.size) == ("PNG", (420, 420), (1500, 500))
    assert max(len(avatar(name)) for name in ("network", "posts", "a", "ليلى")) < 30_000
