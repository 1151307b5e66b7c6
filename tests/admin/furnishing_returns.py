"""One more row of everything that the pages of returns list, made through the product's own actions."""

from datetime import timedelta

from django.utils import timezone

from inventory.models import Warehouse
from shop.models import ExceptedGoods, Order, ReturnAddress, ReturnRequest, UnexpectedUnits, WithdrawalStatement
from shop.orders import actions as orders
from shop.returns import actions, drafts
from tests import factories

RETURNS = [ReturnRequest, WithdrawalStatement, UnexpectedUnits, ReturnAddress, ExceptedGoods]


def sent(order: Order) -> Order:
    """A paid order whose one parcel has left."""
    by = {"actor": "test", "cause": "test"}
    parcel = orders.pack(
        order_id=order.pk, warehouse_id=factories.warehouse().pk, units=None, cause_key=f"pack:{order.number}",
        weight_g=500, **by,
    )  # fmt: skip
    orders.ship(shipment_id=parcel.pk, **by)
    order.refresh_from_db()
    return order


def furnish_returns(number: int, *, order: Order) -> None:
    """A return in transit, a statement that fits nothing, a stray parcel, an address and an exception."""
    at = Warehouse.objects.create(code=f"R{number}", name=f"Returns {number}", country="GB")
    ReturnAddress.objects.create(warehouse=at, name=f"Returns {number}", line1="1 Yard", city="London", postcode="N1")
    line = sent(order).lines.get()
    made = actions.open_return(
        order_id=order.pk, kind="return", lines={line.pk: actions.Wanted(1)}, cause_key=f"fill:{number}", actor="test",
        asked_at=timezone.now() - timedelta(days=number),
    )  # fmt: skip
    actions.mark_sent(request_id=made.pk, tracking=f"JD{number}", actor="test")
    draft = drafts.Draft(name="Ada", order_number=f"?{number}", email="ada@example.org", language="en")
    actions.carry_out(statement_id=actions.confirm(token=drafts.sign(draft)).pk)
    actions.receive_unannounced(
        order=None, content=[actions.Parcel(units=1, sku="X")], warehouse=at, cause_key=f"fill:{number}", actor="test"
    )
    ExceptedGoods.objects.create(
        kind="custom", product=line.variant.product, valid=factories.ALWAYS, source="made for the buyer"
    )
