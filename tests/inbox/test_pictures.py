"""Pictures of other servers: fetched through the guard, judged by their bytes, made anew, and remembered if not had."""

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from inbox import pictures
from node.community import foreign_pictures
from node.community.foreign_pictures import Kept, Missing, Size, Wanted
from node.models import ForeignPicture, Job
from tests.node.media.pictures import NOT_PICTURES, claiming, picture, with_place
from tests.peers.site import Handler
from tests.standing import Company

PATH = "/files/anna.png"


def answering(body: bytes, *, content_type: str = "image/png", seen: list[Mapping[str, str]] | None = None) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        if seen is not None:
            seen.append(dict(request.headers))
        return web.Response(body=body, content_type=content_type)

    return answer


def leading(to: str) -> Handler:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"location": to})

    return answer


def wanted_at(company: Company, path: str = PATH, size: Size = Size.PICTURE, host: str = "good.test") -> Wanted:
    return Wanted(company.good.base + path, size, host)


async def fetched(company: Company, wanted: Wanted) -> Kept | Missing:
    await foreign_pictures.ask_for([wanted], now=company.home.now)
    await company.home.work()
    return await foreign_pictures.find(wanted, now=company.home.now)


async def test_what_is_no_picture_is_not_kept_whatever_it_is_called_t39_v_k01(company: Company) -> None:
    bodies = [*NOT_PICTURES.values(), claiming(30_000, 30_000), b'{"id": "https://good.test/x", "type": "Person"}']
    for number, body in enumerate(bodies):
        company.good.handlers[f"/{number}.png"] = answering(body)
    wanted = [wanted_at(company, f"/{number}.png") for number in range(len(bodies))]
    company.home.node.gallery.pace._burst = 1000
    await foreign_pictures.ask_for(wanted, now=company.home.now)

    for _ in range(len(bodies)):
        await pictures.step(company.home.node.gallery)
        await pictures.settle(company.home.node.gallery)
        company.home.clock.advance(3)

    found = [await foreign_pictures.find(each, now=company.home.now) for each in wanted]
    assert found == [Missing(may_be_asked=False)] * len(bodies)
    assert await company.home.node.gallery.store.folders() == []


async def test_a_picture_is_kept_small_and_without_what_it_tells_t39(company: Company) -> None:
    company.good.handlers[PATH] = answering(with_place((2000, 1500)))

    found = await fetched(company, wanted_at(company))

    assert isinstance(found, Kept)
    store = company.home.node.gallery.store
    files = [store.find(path) for path in (found.whole, found.thumbnail)]
    contents = [file.read_bytes() for file, _ in files]
    assert [media_type for _, media_type in files] == ["image/webp", "image/webp"]
    assert [b"Secret" in content for content in contents] == [False, False]
    assert len(contents[1]) <= 30 * 1024
    (row,) = await ForeignPicture.all()
    assert (row.host, row.bytes) == ("good.test", sum(map(len, contents)))


async def test_only_our_agent_goes_along_v_k10(company: Company) -> None:
    seen: list[Mapping[str, str]] = []
    company.good.handlers[PATH] = answering(picture(), seen=seen)

    await fetched(company, wanted_at(company))

    (headers,) = seen
    assert sorted(name.lower() for name in headers) == ["accept", "accept-encoding", "host", "user-agent"]
    assert headers["User-Agent"].startswith("Talanoa/")


async def test_a_way_into_our_own_network_is_not_taken_t33(company: Company) -> None:
    for number, target in enumerate(("http://127.0.0.1:1/x.png", "file:///etc/passwd", "http://home.test/x.png")):
        company.good.handlers[f"/{number}.png"] = leading(target)

        assert await fetched(company, wanted_at(company, f"/{number}.png")) == Missing(may_be_asked=False)


async def test_neither_a_blocked_host_nor_its_people_s_pictures_are_fetched(company: Company) -> None:
    company.good.handlers[PATH] = answering(picture())
    await company.home.decide("T0", "evil.test")

    shown_by_eve = await fetched(company, wanted_at(company, host="evil.test"))
    kept_by_evil = await fetched(company, Wanted(company.evil.base + PATH, Size.FACE, "good.test"))

    assert (shown_by_eve, kept_by_evil) == (Missing(may_be_asked=False), Missing(may_be_asked=False))
    assert (company.good.requests, company.evil.requests) == ([], [])


async def test_what_failed_is_asked_again_after_a_while_not_before(company: Company) -> None:
    async def broken(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=503)

    company.good.handlers[PATH] = broken
    wanted = wanted_at(company)

    assert await fetched(company, wanted) == Missing(may_be_asked=False)
    company.home.clock.advance(pictures.AGAIN_AFTER_SILENCE.total_seconds())
    company.good.handlers[PATH] = answering(picture())
    assert await foreign_pictures.find(wanted, now=company.home.now) == Missing(may_be_asked=True)
    assert isinstance(await fetched(company, wanted), Kept)
    assert len(company.good.requests) == 2


async def test_names_below_a_wildcard_share_one_pace_v_m17() -> None:
    found = {pictures.site_of(f"a{number}.evil.test") for number in range(1000)}

    assert found == {"evil.test"}


async def test_one_site_is_asked_slowly_however_much_is_wanted(company: Company) -> None:
    company.good.handlers |= {f"/{number}.png": answering(b"no picture") for number in range(80)}
    wanted = [wanted_at(company, f"/{number}.png") for number in range(80)]
    await foreign_pictures.ask_for(wanted, now=company.home.now)

    for _ in range(60):
        await pictures.step(company.home.node.gallery)
        await pictures.settle(company.home.node.gallery)

    assert len(company.good.requests) <= pictures.SITE_BURST


async def test_the_queue_has_a_bound_and_faces_go_first(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_pictures, "MOST_WAITING", 3)
    wanted = [wanted_at(company, f"/{number}.png") for number in range(9)]
    face = wanted_at(company, size=Size.FACE)

    assert await foreign_pictures.ask_for([*wanted[:2], face, *wanted], now=company.home.now) == 3
    assert await foreign_pictures.ask_for(wanted, now=company.home.now) == 0

    first = await Job.filter(kind=foreign_pictures.KIND).order_by("due_at").first()
    assert first is not None and first.payload["size"] == "face"


async def test_a_crash_between_file_and_row_leaves_nothing_for_long_r16_f13(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_args: Any, **_named: Any) -> None:
        raise RuntimeError("killed here")

    company.good.handlers[PATH] = answering(picture())
    store = company.home.node.gallery.store
    monkeypatch.setattr(foreign_pictures, "keep", killed)
    await foreign_pictures.ask_for([wanted_at(company)], now=company.home.now)
    await pictures.step(company.home.node.gallery)
    await pictures.settle(company.home.node.gallery)
    monkeypatch.undo()
    company.home.clock.advance(120)
    found = await fetched(company, wanted_at(company))
    assert isinstance(found, Kept)
    for folder in await store.folders():
        for path in await store.older(folder, company.home.now + timedelta(days=9999)):
            os.utime(store.find(path)[0], (0, 0))

    removed = await foreign_pictures.sweep(store, before=company.home.now)

    assert removed == 2
    assert store.find(found.whole)[0].is_file()
    assert store.find(found.thumbnail)[0].is_file()
