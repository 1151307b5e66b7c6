"""Which order a statement of withdrawal is about: its number and e-mail address must both be the order's.

Numbers of orders follow each other, so a number alone, which anybody can guess, cancels nothing by itself.
"""

import re
import unicodedata

from shop.orders.models import Order
from shop.returns.models import WithdrawalStatement

NUMBER = re.compile(r"VT(20\d{2})0*(\d{1,6})$", re.ASCII)


def normal_number(typed: str) -> str:
    """Return what was typed as a number of an order (``vt 2026 123`` is ``VT-2026-000123``); empty: it is none."""
    # Japanese and Chinese keyboards write wide digits.
    found = NUMBER.search(re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", typed).upper()))
    if found is None:
        return ""
    return f"VT-{found[1]}-{int(found[2]):06d}"


def order_of(statement: WithdrawalStatement) -> Order | None:
    """Return the order that the statement names beyond doubt; None: a person has to look. At most two statements."""
    if statement.order_id:
        return Order.objects.get(pk=statement.order_id)
    typed = statement.order_number.strip()
    by_token = Order.objects.filter(token=typed).first()  # unguessable: whoever has it holds the order's page
    number = normal_number(typed)
    if by_token or not number:
        return by_token
    return Order.objects.filter(number=number, email__iexact=statement.email.strip()).exclude(email="").first()
