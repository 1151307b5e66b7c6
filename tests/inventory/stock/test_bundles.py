"""Bundles: made of counted items, never of bundles; as many as the scarcest component allows."""

import pytest
from django.db import IntegrityError, transaction

from inventory.models import Balance, Item
from inventory.stock import actions, queries
from inventory.stock.models import BundleComponent
from tests import factories as make

pytestmark = pytest.mark.django_db


def bundle(*parts: tuple[Item, int], sku: str | None = None) -> Item:
    made = make.item(sku)
    for part, units in parts:
        BundleComponent.objects.create(bundle=made, component=part, quantity=units)
    return made


def available(*items: Item, at: list[Balance], purpose: str = "") -> dict[int, int]:
    places = {one.warehouse_id for one in at}
    return queries.available_by_item(item_ids=[one.id for one in items], warehouse_ids=places, purpose=purpose)


def test_a_bundle_holds_no_bundle():
    inner = bundle((make.item(), 1))
    with pytest.raises(IntegrityError, match="cannot hold another bundle"), transaction.atomic():
        bundle((inner, 1))


def test_a_component_does_not_become_a_bundle():
    part = make.item()
    bundle((part, 1))
    with pytest.raises(IntegrityError, match="cannot hold another bundle"), transaction.atomic():
        BundleComponent.objects.create(bundle=part, component=make.item())


def test_a_change_does_not_nest_bundles_either():
    inner, row = bundle((make.item(), 1)), BundleComponent.objects.get(bundle=bundle((make.item(), 1)))
    with pytest.raises(IntegrityError, match="cannot hold another bundle"), transaction.atomic():
        BundleComponent.objects.filter(id=row.id).update(component=inner)


def test_a_counted_item_does_not_become_a_bundle():
    counted = make.balance(0).item
    with pytest.raises(IntegrityError, match="counted in a warehouse"), transaction.atomic():
        BundleComponent.objects.create(bundle=counted, component=make.item())


def test_a_bundle_is_not_counted():
    made = bundle((make.item(), 1))
    with pytest.raises(IntegrityError, match="a bundle is not counted"), transaction.atomic():
        Balance.objects.create(item=made, warehouse=make.warehouse())


@pytest.mark.parametrize("units", [0, 1001])
def test_a_bundle_has_a_sensible_number_of_each_component(units):
    with pytest.raises(IntegrityError, match="bundlecomponent_quantity_positive"), transaction.atomic():
        bundle((make.item(), units))


def test_a_bundle_is_not_part_of_itself():
    thing = make.item()
    with pytest.raises(IntegrityError), transaction.atomic():
        BundleComponent.objects.create(bundle=thing, component=thing)


@pytest.mark.parametrize(("cups", "fans", "sets"), [(9, 9, 3), (9, 5, 2), (2, 9, 0), (3, 2, 1), (0, 9, 0), (8, 100, 2)])
def test_there_are_as_many_bundles_as_the_scarcest_component_allows(cups, fans, sets):
    cup, fan = make.balance(cups), make.balance(fans)
    made = bundle((cup.item, 3), (fan.item, 2))
    assert available(made, cup.item, fan.item, at=[cup]) == {made.id: sets, cup.item_id: cups, fan.item_id: fans}


def test_available_is_summed_over_the_asked_warehouses_after_claims_and_safety():
    here = make.balance(10)
    there = make.balance(5, sku=here.item.sku, at=make.warehouse("LIL", "FR"))
    elsewhere = make.balance(50, sku=here.item.sku, at=make.warehouse("NGB", "CN"))
    Balance.objects.filter(id=here.id).update(safety=1)
    Balance.objects.filter(id=there.id).update(backorder_limit=2)
    actions.hold(demand={here.item_id: 4}, warehouses=[here.warehouse_id], holder="ann", cause_key="h", expires_at=None)
    pair = bundle((here.item, 2))
    # 10 - 1 - 4 here, 5 + 2 there: twelve units, six pairs.
    assert available(here.item, pair, at=[here, there]) == {here.item_id: 12, pair.id: 6}
    assert available(here.item, at=[elsewhere]) == {here.item_id: 50}


def test_what_is_fenced_is_there_for_its_purpose_alone():
    cup = make.balance(10)
    made = bundle((cup.item, 2))
    actions.set_aside(item=cup.item, warehouse=cup.warehouse, quantity=7, purpose="drop", cause_key="f")
    assert available(cup.item, made, at=[cup]) == {cup.item_id: 3, made.id: 1}
    assert available(cup.item, made, at=[cup], purpose="drop") == {cup.item_id: 10, made.id: 5}
    assert available(cup.item, made, at=[cup], purpose="other") == {cup.item_id: 3, made.id: 1}


def test_a_warehouse_short_of_its_safety_stock_takes_nothing_from_the_others():
    here = make.balance(2)
    there = make.balance(5, sku=here.item.sku, at=make.warehouse("LIL", "FR"))
    Balance.objects.filter(id=here.id).update(safety=6)
    assert available(here.item, at=[here, there]) == {here.item_id: 5}


def test_an_item_in_none_of_the_warehouses_is_absent_and_one_that_is_sold_out_is_not():
    sold_out, unknown = make.balance(0), make.item()
    of_unknown, half = bundle((unknown, 1)), bundle((sold_out.item, 1), (unknown, 1))
    assert available(sold_out.item, unknown, of_unknown, half, at=[sold_out]) == {sold_out.item_id: 0, half.id: 0}
    assert available(at=[sold_out]) == {}


def test_available_takes_one_statement(django_assert_num_queries):
    cup = make.balance(5)
    things = [cup.item, bundle((cup.item, 2)), bundle((cup.item, 1))]
    with django_assert_num_queries(1):
        assert sorted(available(*things, at=[cup]).values()) == [2, 5, 5]
