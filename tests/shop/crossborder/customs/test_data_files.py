"""Advance data are valid against the schemas that ship with them."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from lxml import etree

from shop.crossborder.customs import data_files
from shop.crossborder.customs.declaration import References
from tests.shop.crossborder.customs.declared import BUYER, declaration, line, replica

SCHEMAS = Path(data_files.__file__).parent / "schemas"
FRANCE = replace(BUYER, name="Zoé & <Cie>", country="FR", city="Paris", lines=("1 rue de l’Église",), latin=())
NS = {"h": data_files.H7}
RATE = Decimal("0.8700")


@pytest.fixture
def json_schema():
    schema = json.loads((SCHEMAS / "item_attributes.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


@pytest.fixture
def xsd():
    return etree.XMLSchema(etree.parse(SCHEMAS / "h7.xsd"))


def test_item_attributes_are_valid_and_complete(json_schema):
    data = json.loads(json.dumps(data_files.item_attributes(declaration())))
    json_schema.validate(data)
    assert (data["item_id"], data["mail_class"], data["nature_of_transaction"]) == ("LX473124829GB", "L", "11")
    assert (data["declared_value"], data["postage"]) == ("56.67", "9.50")
    assert data["sender"]["customs_references"]["ioss"] == "IM0400000000"
    assert "cn_id_masked" not in data["addressee"]["customs_references"]
    assert [piece["declared_value"] for piece in data["content_pieces"]] == ["30.00", "26.67"]
    assert data["content_pieces"][1]["reproduction_year"] == 2026


def test_yen_have_no_decimals_and_a_parcel_without_a_number_is_valid(json_schema):
    goods = line(currency="JPY", unit_value=Decimal(5900))
    data = data_files.item_attributes(
        declaration(
            currency="JPY", lines=(goods,), freight=Decimal(1800), insurance=Decimal(0), item_id=None, importer=BUYER
        )
    )
    json_schema.validate(data)
    assert (data["declared_value"], data["item_id"], data["importer"]["name"]) == ("11800", None, "王小明")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("item_id",), "LX1GB"),
        (("content_pieces", 0, "tariff_heading"), "6911"),
        (("declared_value",), 56.67),
        (("spare",), 1),
    ],
)
def test_the_schema_refuses_what_is_wrong(json_schema, path, value):
    data = data_files.item_attributes(declaration())
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    assert not json_schema.is_valid(data)


def test_h7_is_valid_with_its_elements(xsd):
    made = etree.fromstring(data_files.h7(declaration(addressee=FRANCE), eur_rate=RATE))
    xsd.assertValid(made)
    items = made.findall("h:GoodsItem", NS)
    assert [item.findtext("h:HarmonizedSystemSubheading", namespaces=NS) for item in items] == ["691110", "392640"]
    # Of one unit: 2 mugs at 15.00.
    assert items[0].find("h:IntrinsicValue", NS).text == "15.00"
    assert items[0].find("h:IntrinsicValue", NS).get("currency") == "GBP"
    assert items[0].findtext("h:ManufacturerProductId", namespaces=NS) == "YJ-7781"
    assert made.findtext("h:AdditionalFiscalReference", namespaces=NS) == "IM0400000000"
    assert made.findtext("h:TransportAndInsuranceCosts", namespaces=NS) == "10.70"
    assert made.findtext("h:Importer/h:Name", namespaces=NS) == "Zoé & <Cie>"


def test_h7_without_what_is_optional_is_valid(xsd):
    bare = replace(replica(), origin="", merchant_product_id="", manufacturer_product_id="", hs_code="3926400000")
    seller = replace(declaration().sender, references=References())
    made = etree.fromstring(
        data_files.h7(declaration(addressee=FRANCE, sender=seller, lines=(bare,), item_id=None), eur_rate=RATE)
    )
    xsd.assertValid(made)
    assert made.find("h:AdditionalFiscalReference", NS) is None


@pytest.mark.parametrize(("each", "allowed"), [("130.50", True), ("130.51", False)])
def test_h7_ends_at_150_euros(each, allowed):
    it = declaration(addressee=FRANCE, lines=(line(quantity=1, unit_value=Decimal(each)),))
    if allowed:
        assert data_files.h7(it, eur_rate=RATE)
    else:
        with pytest.raises(data_files.NotH7, match="H1"):
            data_files.h7(it, eur_rate=RATE)


@pytest.mark.parametrize(("buyer", "dispatched_from"), [(BUYER, "GB"), (FRANCE, "DE")])
def test_h7_is_for_goods_that_enter_the_eu(buyer, dispatched_from):
    with pytest.raises(data_files.NotH7, match="enter the EU"):
        data_files.h7(declaration(addressee=buyer, dispatched_from=dispatched_from), eur_rate=RATE)
