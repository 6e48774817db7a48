"""T-95: what an archive may hold, and that a bad one leaves nothing outside its folder."""

import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from node.backup.archive import Content, Limits, pack, unpack
from node.backup.envelope import BackupRefused, DecryptingReader, EncryptingWriter, Secret

SECRET = Secret.of("correct horse battery")
WIDE = Limits()


def entry(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    """Return the header of one member."""
    made = tarfile.TarInfo(name)
    made.size, made.type, made.linkname = size, kind, link
    return made


def encrypted(plain: bytes) -> DecryptingReader:
    """Return a reader of `plain`, as restore meets it."""
    target = BytesIO()
    writer = EncryptingWriter(target, SECRET, salt=bytes(16), cost=10)
    writer.write(plain)
    writer.finish()
    return DecryptingReader(BytesIO(target.getvalue()), SECRET)


def archive(*entries: tarfile.TarInfo, data: bytes = b"") -> DecryptingReader:
    """Return an encrypted archive of `entries`, each with as much of `data` as it claims."""
    plain = BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for each in entries:
            tar.addfile(each, BytesIO(data[: each.size]))
    return encrypted(plain.getvalue())


@pytest.mark.parametrize(
    "name",
    [
        "../secret-key",
        "media/../../secret-key",
        "/etc/cron.d/talanoa",
        "media//etc/passwd",
        "media/..",
        "media/.hidden",
        "..\\secret-key",
        "media/C:\\windows",
        "./secret-key",
        "database.sqlite/x",
        "authorized_keys",
        "media/" + "a/" * 40 + "b",
        "media/näme.png",
    ],
)
def test_a_name_that_is_none_of_ours_is_refused(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()

    with pytest.raises(BackupRefused):
        unpack(archive(entry(name, 4), data=b"evil"), inside, WIDE)

    assert [*tmp_path.rglob("*")] == [inside]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_anything_but_a_plain_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    with pytest.raises(BackupRefused, match="not a plain file"):
        unpack(archive(entry("secret-key", 0, kind, link="/etc/passwd")), tmp_path, WIDE)

    assert [*tmp_path.iterdir()] == []


def test_a_name_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="twice"):
        unpack(archive(entry("secret-key", 1), entry("secret-key", 1), data=b"k"), tmp_path, WIDE)


def test_a_symlink_that_waits_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    inside.mkdir()
    (inside / "secret-key").symlink_to(outside)

    with pytest.raises(BackupRefused):
        unpack(archive(entry("secret-key", 1), data=b"k"), inside, WIDE)

    assert not outside.exists()


def test_more_files_than_allowed_are_refused(tmp_path: Path) -> None:
    entries = [entry(f"media/{number}.png") for number in range(4)]

    with pytest.raises(BackupRefused, match="more than 3 files"):
        unpack(archive(*entries), tmp_path, Limits(files=3))


def test_more_bytes_than_there_is_room_for_are_refused_before_they_are_written(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="more than the 10 bytes"):
        unpack(archive(entry("secret-key", 11), data=bytes(11)), tmp_path, Limits(total_bytes=10))

    assert [*tmp_path.iterdir()] == []


def test_a_hole_that_unfolds_to_a_gigabyte_is_refused(tmp_path: Path) -> None:
    sparse = entry("database.sqlite", 1)
    sparse.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(2**30)}

    with pytest.raises(BackupRefused):
        unpack(archive(sparse, data=b"\n"), tmp_path, WIDE)

    assert [*tmp_path.iterdir()] == []


def test_a_file_that_is_shorter_than_it_says_is_refused(tmp_path: Path) -> None:
    plain = entry("secret-key", 5000).tobuf() + b"short"

    with pytest.raises(BackupRefused):
        unpack(encrypted(plain), tmp_path, WIDE)


def test_an_archive_in_an_archive_stays_a_file(tmp_path: Path) -> None:
    inner = BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as tar:
        tar.addfile(entry("../../evil", 4), BytesIO(b"evil"))
    data = inner.getvalue()

    unpack(archive(entry("media/nested.tar", len(data)), data=data), tmp_path, WIDE)

    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")} == {"media", "media/nested.tar"}


def test_what_was_packed_is_unpacked_for_the_owner_alone(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    target, folder = BytesIO(), tmp_path / "unpacked"
    folder.mkdir()
    writer = EncryptingWriter(target, SECRET, salt=bytes(16), cost=10)
    contents = [
        Content("secret-key", b"k" * 64),
        Content("media/a/picture.png", picture),
        Content("media/gone.png", tmp_path / "gone.png"),
    ]

    count = pack(contents, writer)
    writer.finish()
    names = unpack(DecryptingReader(BytesIO(target.getvalue()), SECRET), folder, WIDE)

    assert (count, names) == (2, ("secret-key", "media/a/picture.png"))
    assert (folder / "secret-key").read_bytes() == b"k" * 64
    assert (folder / "media/a/picture.png").read_bytes() == b"\x89PNG"
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()} == {0o600}
