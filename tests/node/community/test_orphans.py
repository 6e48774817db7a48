"""Files without a row go within a day, all others stay. R-16."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from node.community import orphans, portraits
from node.community.once import Columns
from node.media.store import MediaStore, media_store
from node.models import Actor, Media
from node.settings import Settings
from tests.node.community.people import BASE, BERTA, NOW, foreigner, home, member

OLD = NOW - timedelta(hours=13)
YOUNG = NOW - timedelta(hours=11)


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def aged(folder: Path) -> None:
    for path in files(folder):
        os.utime(folder / path, (OLD.timestamp(), OLD.timestamp()))


async def upload(store: MediaStore, name: str) -> set[str]:
    path, small = await store.keep(b"1", name=name), await store.keep(b"2", name=name[::-1])
    about: Columns = {"media_type": "image/webp", "bytes": 1, "width": 1, "height": 1, "created_at": NOW}
    await Media.create(public_id=name, path=path, thumbnail_path=small, **about)
    return {path, small}


async def test_what_a_row_or_a_profile_names_stays_however_old(
    database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "BATCH", 2)
    store, folder = media_store(tmp_path / "data", BASE), tmp_path / "data" / "media"
    await home()
    await member()
    await portraits.dress(media=store, now=NOW)
    kept = files(folder)
    for number in range(5):
        kept |= await upload(store, f"upload{number}" + "a" * 19)
    lost = await store.keep(b"3", name="b" * 26)
    (folder / "bb" / "half.part").write_bytes(b"4")
    aged(folder)

    removed = await orphans.sweep(store, now=NOW)

    assert (removed, files(folder)) == (2, kept)
    assert lost not in kept
    assert len(kept) > 10


async def test_a_profile_is_known_under_an_older_address_of_the_media(node_database: Settings, tmp_path: Path) -> None:
    store, folder = media_store(tmp_path / "data", BASE), tmp_path / "data" / "media"
    anna = await member()
    path = await store.keep(b"1", name="a" * 26)
    await Actor.filter(id=anna.actor_id).update(header_url=f"https://older.example/files/media/{path}")
    aged(folder)

    assert (await orphans.sweep(store, now=NOW), files(folder)) == (0, {path})


async def test_a_young_file_waits_for_its_row(node_database: Settings, tmp_path: Path) -> None:
    store, folder = media_store(tmp_path / "data", BASE), tmp_path / "data" / "media"
    path = await store.keep(b"1", name="a" * 26)
    os.utime(folder / path, (YOUNG.timestamp(), YOUNG.timestamp()))

    removed = [await orphans.sweep(store, now=NOW + wait) for wait in (timedelta(0), timedelta(hours=2))]

    assert removed == [0, 1]


async def test_somebody_elsewhere_keeps_no_file_of_ours_alive(node_database: Settings, tmp_path: Path) -> None:
    store, folder = media_store(tmp_path / "data", BASE), tmp_path / "data" / "media"
    path = await store.keep(b"1", name="a" * 26)
    await foreigner()
    await Actor.filter(uri=BERTA.uri).update(avatar_url=store.url_of(path))
    aged(folder)

    assert (await orphans.sweep(store, now=NOW), files(folder)) == (1, set())
