"""The slip: where to, which return, and what customs reads, as text in the PDF."""

import pypdfium2
import pytest

from shop.returns import actions
from shop.returns.slip import NoSlip, crosses_border, return_slip
from tests import factories as make
from tests.shop.returns import world

pytestmark = pytest.mark.django_db


def words(content: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))


@pytest.fixture
def mug():
    make.agreement()
    return world.mugs()


def test_at_home_there_is_no_customs_note(mug):
    world.return_addresses()
    made = world.ask(world.delivered((mug, 2)), 2)
    text = words(return_slip(made))
    for said in ("Return slip", made.number, made.order.number, "Returns, Unit 4", "WC1B 3DE", "MUG-1"):
        assert said in text
    assert "Customs" not in text


def test_across_a_customs_border_it_says_returned_goods(mug):
    world.return_addresses()
    order = world.delivered((mug, 1), country="US")
    made = world.ask(order)
    assert crosses_border(made, made.authorised_at.date())
    text = words(return_slip(made))
    for said in ("Returned Goods Relief", "SI 2020/1431", "691200", order.shipments.get().number, "United States"):
        assert said in text


def test_a_name_that_no_font_has_never_stops_a_slip(mug):
    world.return_addresses()
    order = world.delivered((mug, 1))
    order.lines.update(name="머그 Mug")
    assert "?? Mug" in words(return_slip(world.ask(order)))


def test_there_is_none_before_it_is_authorised_or_without_an_address(mug):
    order = world.delivered((mug, 2))
    with pytest.raises(NoSlip, match="return address"):
        return_slip(world.ask(order))
    world.return_addresses()
    refused = world.ask(order, key="b")
    refused.authorised_at = None
    with pytest.raises(NoSlip, match="not authorised"):
        return_slip(refused)


def test_the_same_return_gives_the_same_bytes(mug):
    world.return_addresses()
    made = world.ask(world.delivered((mug, 1), language="zh-hans"))
    assert return_slip(made) == return_slip(made)
    assert actions.mark_sent(request_id=made.pk, tracking="x", actor="t").state == "in_transit"
