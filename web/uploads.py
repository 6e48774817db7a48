"""Pictures in forms: taken from the request, kept at once, and offered again if the form has to be shown again."""

from dataclasses import dataclass
from typing import cast

from quart import Quart, current_app

from node.community import attachments, uploads
from node.community.attachments import MOST_PICTURES, Picture, PictureView
from node.community.uploads import Studio, UploadView
from node.errors import Invalid, Later, TooLarge
from node.i18n import mark as _
from node.media.processing import ImageProcessor, Purpose
from web.context import EXTENSION, House, here, house
from web.forms.form import Form, Upload
from web.who import me

STUDIO = "talanoa-studio"
TOO_LARGE = _("This file is too large. Make the picture smaller and choose it again.")
TOO_MANY = _("That were many pictures. Wait a while and choose this one again.")
PLACES = tuple(range(1, MOST_PICTURES + 1))


@dataclass(frozen=True, slots=True)
class PictureField:
    """One of the places for a picture in a form: what is there already, if something is."""

    number: int
    kept: UploadView | None


def install(app: Quart) -> None:
    """Make the one processor of this application."""
    at = cast(House, app.extensions[EXTENSION])
    processor = ImageProcessor(largest_bytes=at.settings.upload_bytes)
    app.extensions[STUDIO] = Studio(processor, at.surroundings.media)


def studio() -> Studio:
    """Return who takes pictures apart."""
    return cast(Studio, current_app.extensions[STUDIO])


async def one(form: Form, field: str, purpose: Purpose) -> str:
    """Keep the picture of a field that takes one; return its public id, empty for none.

    A picture that can't be used becomes an error of the field.
    """
    sent = form.uploads(field)
    return await _keep(form, field, sent[0], purpose) if sent else ""


async def several(form: Form) -> tuple[Picture, ...]:
    """Keep the pictures of `picture_1` to `picture_4` and return them with those that were kept before.

    Kept ones come back in `media_1` to `media_4`; a ticked `drop_1` leaves one out; `alt_1` says what it shows.
    """
    found: list[Picture] = []
    for number in PLACES:
        public = form.text(f"media_{number}", longest=40)
        sent = form.uploads(f"picture_{number}")
        if sent:
            public = await _keep(form, f"picture_{number}", sent[0], Purpose.ATTACHMENT)
            form.typed[f"media_{number}"] = [public]
        if public and not form.ticked(f"drop_{number}"):
            found.append(Picture(public, form.text(f"alt_{number}", longest=1500)))
    return tuple(found)


async def fill(form: Form, uri: str) -> None:
    """Put the pictures that stand beside an object into its form."""
    for number, picture in zip(PLACES, await _beside(uri), strict=False):
        form.typed |= {f"media_{number}": [picture.media_id], f"alt_{number}": [picture.alt]}


async def fields_of(form: Form, *, uri: str = "") -> list[PictureField]:
    """Return the places for pictures as the form has to show them.

    Args:
        uri: the object at hand; its pictures stay, whoever brought them.
    """
    named = [form.value(f"media_{number}") for number in PLACES]
    owner, store = me().member.actor, house().surroundings.media
    known = {
        picture.media_id: UploadView(
            picture.media_id,
            picture.url,
            picture.thumbnail_url or picture.url,
            picture.width or 0,
            picture.height or 0,
        )
        for picture in (await _beside(uri) if uri else ())
    }
    known |= await uploads.of_owner([each for each in named if each], owner=owner, store=store)
    return [PictureField(number, known.get(public)) for number, public in zip(PLACES, named, strict=True)]


async def _beside(uri: str) -> tuple[PictureView, ...]:
    return (await attachments.beside([uri])).get(uri, ())


async def _keep(form: Form, field: str, sent: Upload, purpose: Purpose) -> str:
    owner = me().member.actor
    try:
        kept = await uploads.keep(sent.content, owner=owner, purpose=purpose, studio=studio(), now=here().now)
    except Invalid as invalid:
        form.error(field, next(iter(invalid.fields.values())))
        return ""
    except TooLarge:
        form.error(field, TOO_LARGE)
        return ""
    except Later:
        form.error(field, TOO_MANY)
        return ""
    return kept.public_id
