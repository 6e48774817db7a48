"""Languages: catalogues, the language of a visitor, dates and names in it.

    from node.i18n import gettext as _
    _("Hello %(name)s", name=name)

English is the source. `use(locale)` sets the language of the running task;
without it the text is English.
"""

from node.i18n.choice import PSEUDO as PSEUDO
from node.i18n.choice import PSEUDO_RTL as PSEUDO_RTL
from node.i18n.choice import choose_locale as choose_locale
from node.i18n.choice import direction as direction
from node.i18n.choice import is_language_tag as is_language_tag
from node.i18n.translator import Translator as Translator
from node.i18n.translator import current as current
from node.i18n.translator import gettext as gettext
from node.i18n.translator import mark as mark
from node.i18n.translator import ngettext as ngettext
from node.i18n.translator import pgettext as pgettext
from node.i18n.translator import translator as translator
from node.i18n.translator import use as use
