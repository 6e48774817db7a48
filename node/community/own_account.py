"""What members change about their own account, beside the password."""

from node.database import atomic
from node.errors import Invalid
from node.i18n import gettext as _
from node.models import Member
from node.text.address import parse_address


async def set_email(member: Member, email: str) -> None:
    """Give a member another address, or none.

    Raises:
        Invalid: it is no plain address, somebody else has it, or nothing would be left to sign in with.
    """
    address = parse_address(email) if email.strip() else None
    if address is None and member.password_hash is None:
        raise Invalid({"email": _("Choose a password first: without both you could not come back.")})
    async with atomic():
        if address and await Member.filter(email=address).exclude(id=member.id).exists():
            raise Invalid({"email": _("This address belongs to another account here.")})
        await Member.filter(id=member.id).update(email=address)
