"""Around every page: tokens, kept text, languages, caches. T-50, T-57, T-61, W4, W6, A-07, A-08, A-27, L1."""

from dataclasses import replace

import pytest

from node.settings import Settings
from tests.clock import FakeClock
from tests.web.building import PASSWORD, Building
from tests.web.visitor import Visitor, exchange

LONG = "First line\nsecond line with <b>marks</b> & more"


async def test_the_token_of_another_visitor_is_refused_t50(building: Building) -> None:
    await building.member("anna")
    mine, other = building.visitor(), building.visitor()
    stolen = (await other.get("/sign-in")).form("/sign-in")
    await mine.get("/sign-in")

    page = await mine.post("/sign-in", stolen | {"name": "anna", "password": PASSWORD})

    assert (page.status, "__Host-session" in mine.cookies) == (403, False)


async def test_a_form_of_another_site_is_refused_and_nothing_of_it_kept(building: Building) -> None:
    visitor = building.visitor()
    form = (await visitor.get("/sign-in")).form("/sign-in")

    page = await visitor.post("/sign-in", form | {"name": "planted"}, origin="https://evil.example")

    assert (page.status, "planted" in page.text) == (403, False)


async def test_a_page_without_referrer_may_send_its_form_to_us(building: Building) -> None:
    await building.member("anna")
    visitor = building.visitor()
    form = (await visitor.get("/sign-in")).form("/sign-in") | {"name": "anna", "password": PASSWORD}

    page = await visitor.post("/sign-in", form, origin="null", sec_fetch_site="same-origin")

    assert page.status == 303


async def test_an_expired_form_keeps_the_text_and_has_a_new_token(building: Building) -> None:
    visitor = await building.signed_in("anna")

    page = await visitor.post("/sign-out", {"form_token": "old", "text": LONG, "title": "Mats", "password": "x"})
    again = page.form("/sign-out")

    assert page.status == 403
    assert {name: value for name, value in again.items() if name != "form_token"} == {"text": LONG, "title": "Mats"}
    assert (await visitor.post("/sign-out", again)).status == 303


async def test_what_was_typed_survives_an_expired_session_w6(building: Building) -> None:
    await building.member("anna")
    visitor = building.visitor()

    asked = await visitor.post("/sign-out", {"form_token": "old", "text": LONG})
    entered = await visitor.send(asked, "/sign-in", name="anna", password=PASSWORD)

    assert (asked.status, entered.status) == (401, 200)
    assert entered.form("/sign-out")["text"] == LONG


async def test_what_was_typed_survives_a_wrong_password_too_w6(building: Building) -> None:
    await building.member("anna")
    visitor = building.visitor()

    asked = await visitor.post("/sign-out", {"form_token": "old", "text": LONG})
    refused = await visitor.send(asked, "/sign-in", name="anna", password="wrong")
    entered = await visitor.send(refused, "/sign-in", name="anna", password=PASSWORD)

    assert entered.form("/sign-out")["text"] == LONG


async def test_a_public_page_sets_no_cookie(building: Building) -> None:
    visitor = building.visitor()

    await visitor.get("/about")

    assert visitor.set_cookies == []


async def test_every_cookie_is_out_of_reach_a07(building: Building) -> None:
    visitor = await building.signed_in("anna")
    await visitor.get("/about?lang=fr")
    await visitor.send(await visitor.get("/about"), "/sign-out")

    wrong = [text for text in visitor.set_cookies if not _is_tight(text)]

    assert (len(visitor.set_cookies) >= 5, wrong) == (True, [])


def _is_tight(text: str) -> bool:
    parts = set(text.split("; ")[1:])
    return text.startswith("__Host-") and {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts


async def test_in_development_cookies_work_without_tls(node_database: Settings, clock: FakeClock) -> None:
    building = Building(replace(node_database, development=True, public_url="http://home.example"), clock)
    visitor = building.visitor()

    page = await visitor.get("/sign-in")

    assert list(visitor.cookies) == ["visitor"]
    assert page.header("strict-transport-security") is None


async def test_an_unchanged_page_is_not_sent_again_w4(building: Building) -> None:
    visitor = building.visitor()
    first = await visitor.get("/about")

    second = await visitor.get("/about", if_none_match=first.header("etag") or "")

    assert (second.status, second.body) == (304, b"")


async def test_a_page_with_a_form_stays_the_same_for_one_visitor_w4(building: Building) -> None:
    visitor = building.visitor()
    await visitor.get("/sign-in")
    first = await visitor.get("/sign-in")

    second = await visitor.get("/sign-in", if_none_match=first.header("etag") or "")

    assert second.status == 304


async def test_a_page_of_a_member_is_never_stored_and_its_token_never_the_same_a27(building: Building) -> None:
    visitor = await building.signed_in("anna")

    first, second = await visitor.get("/about"), await visitor.get("/about")

    assert (first.header("cache-control"), first.header("etag")) == ("no-store", None)
    assert first.form("/sign-out") != second.form("/sign-out")


async def test_pages_vary_by_language_cookie_and_the_wish_to_save_data(building: Building) -> None:
    page = await building.visitor().get("/about")

    assert page.header("vary") == "Accept, Accept-Language, Cookie, Save-Data"


async def test_the_language_of_the_browser_counts_l1(building: Building) -> None:
    page = await building.visitor(accept_language="ar;q=0.9, en;q=0.1").get("/about")

    assert (page.document.get("lang"), page.document.get("dir")) == ("ar", "rtl")


async def test_a_chosen_language_stays(building: Building) -> None:
    visitor = building.visitor(accept_language="en")

    await visitor.get("/about?lang=fr")
    page = await visitor.get("/about")

    assert page.document.get("lang") == "fr"


async def test_a_language_that_nobody_offers_changes_nothing(building: Building) -> None:
    page = await building.visitor().get('/about?lang="><script>')

    assert (page.document.get("lang"), "<script>" in page.text) == ("en", False)


@pytest.mark.parametrize(
    "path", ["//evil.example", "/about/", "/%2fevil.example", "/static/../web/app.py", "/about;x", "/%00"]
)
async def test_an_odd_path_is_not_found_and_leads_nowhere_vm30(building: Building, path: str) -> None:
    page = await building.visitor().get(path)

    assert (page.status, page.header("location")) == (404, None)


async def test_an_unknown_page_of_machines_answers_json(building: Building) -> None:
    page = await building.visitor().get("/ap/x/nothing")

    assert (page.status, page.header("content-type")) == (404, "application/json; charset=utf-8")


async def test_an_unknown_method_is_refused(building: Building) -> None:
    page = await building.visitor().request("DELETE", "/about")

    assert page.status == 405


async def test_a_form_that_is_too_large_is_refused(building: Building) -> None:
    visitor = building.visitor()
    body = b"name=" + b"a" * building.settings.body_bytes

    page = await visitor.request(
        "POST", "/sign-in", headers={"content-type": "application/x-www-form-urlencoded"}, body=body
    )

    assert page.status == 413


async def test_files_of_somebody_without_a_session_are_refused_early(building: Building) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": str(9 * 1024 * 1024)}

    page = await building.visitor().request("POST", "/sign-in", headers=headers, body=b"--x")

    assert page.status == 413


async def test_a_visitor_may_look_without_a_single_cookie_ever(building: Building) -> None:
    page = await exchange(building.app, "GET", "/about", {"host": "home.example"}, b"")

    assert page.status == 200


async def test_a_page_that_fails_says_a_number_and_nothing_else_a29(
    building: Building, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setitem(building.app.view_functions, "about", broken)

    page = await building.visitor().get("/about")

    assert (page.status, "secret" in page.text) == (500, False)
    assert "Something went wrong on our side" in page.shown()
    assert page.header("x-content-type-options") == "nosniff"


async def test_the_source_is_offered(building: Building) -> None:
    visitor: Visitor = building.visitor()

    page = await visitor.get("/source")

    assert (page.status, page.header("content-type"), page.body[:2]) == (200, "application/gzip", b"\x1f\x8b")


async def test_the_languages_keep_the_question_of_the_page(building: Building) -> None:
    page = await building.visitor().get("/sign-in?next=/about&q=a%26b&lang=fr")

    links = [link.get("href") for link in page.document.xpath("//footer//a[@hreflang]")]
    assert links[0] == "/sign-in?next=%2Fabout&q=a%26b&lang=en"


async def test_signing_in_after_a_button_without_text_leads_to_the_first_page(building: Building) -> None:
    page = await building.visitor().post("/sign-out", {"form_token": "old"})

    assert (page.status, page.form("/sign-in")["next"]) == (401, "/")
