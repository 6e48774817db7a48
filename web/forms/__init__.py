"""Forms: what was typed, what is wrong with it, and how it is shown again.

A page reads its form in three steps:

    form = await posted()                      # what was typed, trimmed and bounded
    draft = NoteDraft(text=form.text("text", required=True, longest=5000), ...)
    if form.errors: return await render("note.html", status=422, form=form)

`form.text` and its siblings always return a value of the right type and keep a field error where
what was typed can't be used; nothing typed is lost. `form.take(invalid)` adds what a community
verb found wrong. For the first showing of a page use `blank(title="...")`. The macros of
`templates/parts/fields.html` draw a field with its hint, error and what was typed.
"""

from web.forms.form import Form as Form
from web.forms.form import Message as Message
from web.forms.form import blank as blank
from web.forms.posted import posted as posted
