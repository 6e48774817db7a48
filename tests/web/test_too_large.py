"""Forms that are larger than what is taken: never a failure of ours, and the words are kept. T-61, W6."""

from tests.web.building import PASSWORD, Building
from tests.web.multipart import send_files


async def test_a_form_that_is_too_large_of_somebody_signed_out_asks_them_to_sign_in(building: Building) -> None:
    body = b"x=" + b"a" * (5 * building.settings.body_bytes)

    page = await building.visitor().request(
        "POST", "/write", headers={"content-type": "application/x-www-form-urlencoded"}, body=body
    )

    assert (page.status, "Only members see this page." in page.shown()) == (401, True)


async def test_a_text_before_a_picture_that_nobody_may_send_is_there_after_signing_in_w6(building: Building) -> None:
    await building.member("anna")
    visitor = building.visitor()
    picture = {"picture_1": b"\x89PNG" + b"a" * (2 * building.settings.body_bytes)}

    asked = await send_files(visitor, "/write", {"text": "Long thoughts on mats", "language": "en"}, picture)
    entered = await visitor.send(asked, "/sign-in", name="anna", password=PASSWORD)

    assert asked.status == 401
    assert {name: entered.form("/write")[name] for name in ("text", "language")} == {
        "text": "Long thoughts on mats",
        "language": "en",
    }


async def test_pictures_that_are_too_large_do_not_take_the_text_with_them_w6(building: Building) -> None:
    visitor = await building.signed_in("anna")
    most = building.settings.body_bytes + 4 * building.settings.upload_bytes
    fields = (await visitor.get("/write")).form("/write") | {"text": "Long thoughts on mats"}

    page = await send_files(visitor, "/write", fields, {"picture_1": b"a" * most})

    assert (page.status, page.form("/write")["text"]) == (413, "Long thoughts on mats")
    assert "This is too large" in page.shown()


async def test_a_text_that_is_too_large_to_keep_is_said_to_be_in_the_browser(building: Building) -> None:
    visitor = await building.signed_in("anna")

    page = await visitor.post("/write", {"text": "a" * (2 * building.settings.body_bytes)})

    assert (page.status, "your browser still has what you typed" in page.shown()) == (413, True)
