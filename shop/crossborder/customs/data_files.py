"""What is sent ahead of the parcel: postal item attributes as JSON, and the data of an EU H7 declaration as XML.

``item_attributes`` carries the data elements of UPU standard M33 (ITMATT V1). The standard is sold and not published:
the elements (S10 identifier, mail class, nature of transaction, sender, addressee, content pieces with description,
number of units, net weight, declared value, HS code, origin) and the codes of the nature of transaction are those that
operators' guides quote; the JSON shape and the names in it are ours, and ``schemas/item_attributes.schema.json``
documents them. Amounts are text with the currency's decimals, weights whole grams.

``h7`` carries the elements of column H7 of Annex B to Delegated Regulation (EU) 2015/2446, each named with its data
element number in ``schemas/h7.xsd``. Its XML shape is ours: member states each take their own. The intrinsic value is
per unit in the invoicing currency (data element 14 14 000 000, guidance of the Agencia Tributaria).
"""

from decimal import Decimal
from typing import Any

from lxml import etree

from shop.crossborder.customs.dated_rules import customs_territory
from shop.crossborder.customs.declaration import SALE_OF_GOODS, Declaration, DeclaredLine, Party
from shop.crossborder.money import text

NATURE = {SALE_OF_GOODS: "11"}  # nature of transaction, UPU code list 136 as operators quote it
H7 = "urn:vitrine:customs:h7:1"
H7_LIMIT_EUR = Decimal(150)  # intrinsic value of the consignment, Delegated Regulation (EU) 2015/2446 art. 143a
CUSTOMS_REFERENCES = ("eori", "vat", "ioss", "voec", "arn", "gst", "pccc")


class NotH7(ValueError):
    """The parcel cannot be declared with the super-reduced data set; the message says why."""


def _person(it: Party) -> dict[str, Any]:
    named = {kind: getattr(it.references, kind) for kind in CUSTOMS_REFERENCES}
    return {
        "name": it.name,
        "company": it.company,
        "address_lines": list(it.lines),
        "locality": it.city,
        "region": it.region,
        "postcode": it.postcode,
        "country": it.country,
        "latin_lines": list(it.latin),
        "telephone": it.phone,
        "email": it.email,
        "customs_references": {kind: number for kind, number in named.items() if number},
    }


def _piece(it: DeclaredLine, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "description": it.description,
        "description_local": it.description_local,
        "number_of_units": it.quantity,
        "net_weight_g": it.net_weight_g,
        "declared_value": text(it.value, it.currency),
        "unit_value": text(it.unit_value, it.currency),
        "currency": it.currency,
        "tariff_heading": it.hs_code,
        "country_of_origin": it.origin,
        "merchant_product_id": it.merchant_product_id,
        "manufacturer_product_id": it.manufacturer_product_id,
        "composition": it.composition,
        "reproduction_year": it.reproduction_year,
    }


def item_attributes(declaration: Declaration) -> dict[str, Any]:
    """Return the electronic advance data of a parcel, JSON-ready; ``schemas/item_attributes.schema.json`` describes it.

    :raises KeyError: the category has no code of the nature of transaction.
    """
    it = declaration
    return {
        "schema": "vitrine.customs.item_attributes/1",
        "item_id": str(it.item_id) if it.item_id else None,
        "local_id": it.number,
        "date": it.on.isoformat(),
        "mail_class": it.item_id.service[0] if it.item_id else None,
        "nature_of_transaction": NATURE[it.category],
        "incoterm": it.incoterm,
        "incoterm_place": it.incoterm_place,
        "route": it.route,
        "tracking": it.tracking,
        "gross_weight_g": it.gross_weight_g,
        "currency": it.currency,
        "declared_value": text(it.goods_value, it.currency),
        "postage": text(it.freight, it.currency),
        "insurance": text(it.insurance, it.currency),
        "invoice_number": it.invoice_number,
        "comments": it.comments,
        "sender": _person(it.sender),
        "addressee": _person(it.addressee),
        "importer": None if it.importer is None else _person(it.importer),
        "content_pieces": [_piece(one, number) for number, one in enumerate(it.lines, start=1)],
    }


def _add(parent: etree._Element, name: str, value: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{H7}}}{name}", attrib=attributes)
    made.text = value or None
    return made


def _h7_party(parent: etree._Element, name: str, it: Party) -> None:
    made = _add(parent, name)
    _add(made, "Name", it.company or it.name)
    if it.references.eori:
        _add(made, "IdentificationNumber", it.references.eori)
    if it.lines:
        _add(made, "StreetAndNumber", ", ".join(it.lines))
    _add(made, "Country", it.country)
    if it.postcode:
        _add(made, "Postcode", it.postcode)
    if it.city:
        _add(made, "City", it.city)
    for tag, value in (("PhoneNumber", it.phone), ("EMailAddress", it.email)):
        if value:
            _add(made, tag, value)


def h7(declaration: Declaration, *, eur_rate: Decimal) -> bytes:
    """Return the H7 data set of a parcel as XML in UTF-8, valid against ``schemas/h7.xsd``.

    ``eur_rate`` is units of the declaration's currency for one euro, as customs fixed it for the day.

    :raises NotH7: the parcel does not enter the EU from outside, or its goods are worth more than EUR 150.
    """
    it = declaration
    origin = customs_territory(it.dispatch_country, it.on)
    destination = customs_territory(it.addressee.country, it.on)
    if destination != "EU" or origin == "EU":
        raise NotH7(f"H7 is for goods that enter the EU, not from {it.dispatch_country} to {it.addressee.country}.")
    if it.goods_value > H7_LIMIT_EUR * eur_rate:
        worth = f"{it.goods_value} {it.currency} at {eur_rate} to the euro"
        raise NotH7(f"The goods are worth {worth}, more than EUR {H7_LIMIT_EUR}: they need a declaration H1.")
    nsmap: Any = {None: H7}
    root = etree.Element(f"{{{H7}}}Declaration", nsmap=nsmap)
    _add(root, "LocalReferenceNumber", it.number)
    _add(root, "Date", it.on.isoformat())
    _h7_party(root, "Exporter", it.sender)
    _h7_party(root, "Importer", it.importer_of_record)
    if it.sender.references.ioss:
        _add(root, "AdditionalFiscalReference", it.sender.references.ioss, role="FR5")
    if it.item_id or it.tracking:
        _add(root, "TransportDocument", str(it.item_id or it.tracking))
    _add(root, "SupportingDocument", it.invoice_number, type="N380")
    _add(root, "GrossMass", _kilograms(it.gross_weight_g))
    carriage = text(it.freight + it.insurance, it.currency)
    _add(root, "TransportAndInsuranceCosts", carriage, currency=it.currency)
    for number, line in enumerate(it.lines, start=1):
        _h7_item(root, line, number)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _h7_item(root: etree._Element, line: DeclaredLine, number: int) -> None:
    item = _add(root, "GoodsItem", number=str(number))
    _add(item, "HarmonizedSystemSubheading", line.hs_code[:6])
    _add(item, "GoodsDescription", line.description)
    _add(item, "NumberOfUnits", str(line.quantity))
    _add(item, "IntrinsicValue", text(line.unit_value, line.currency), currency=line.currency)
    if line.origin:
        _add(item, "CountryOfOrigin", line.origin)
    if line.merchant_product_id:
        _add(item, "MerchantProductId", line.merchant_product_id)
    if line.manufacturer_product_id:
        _add(item, "ManufacturerProductId", line.manufacturer_product_id)


def _kilograms(grams: int) -> str:
    return f"{Decimal(grams) / 1000:.3f}"
