"""Labels of address fields and what is wrong with them, as the country of the address calls its parts."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.crossborder.addresses.layout import region_name
from shop.crossborder.addresses.phones import example_phone
from shop.crossborder.addresses.rules import ASKED, Rules, reads_locally

LABELS = {
    "name": _("Full name"),
    "company": _("Company"),
    "line1": _("Address"),
    "line2": _("Flat, floor, building"),
    "phone": _("Telephone"),
}
# The kinds are libaddressinput's.
POSTCODES = {"postal": _("Postcode"), "zip": _("ZIP code"), "eircode": _("Eircode"), "pin": _("PIN code")}
CITIES = {
    "city": _("Town or city"),
    "post_town": _("Town or city"),
    "suburb": _("Suburb or town"),
    "district": _("District"),
}
DISTRICTS = {
    "district": _("District"),
    "suburb": _("Suburb"),
    "neighborhood": _("Neighbourhood"),
    "townland": _("Townland"),
    "village_township": _("Village or township"),
}
REGIONS = {
    "province": _("Province"),
    "state": _("State"),
    "prefecture": _("Prefecture"),
    "county": _("County"),
    "do_si": _("Province or metropolitan city"),
    "area": _("Area"),
    "department": _("Department"),
    "district": _("District"),
    "emirate": _("Emirate"),
    "island": _("Island"),
    "oblast": _("Oblast"),
    "parish": _("Parish"),
}
KINDS = {"postcode": POSTCODES, "city": CITIES, "district": DISTRICTS, "region": REGIONS}
# Where the places have fields of their own, the street's says what is left for it.
STREET_ONLY = _("Street and number")
MUNICIPALITY = _("City, ward, town or village")


def label(field: str, rules: Rules) -> str:
    """Return what the country calls the field, lazily translated."""
    if field == "line1" and rules.country in ASKED:
        return str(STREET_ONLY)
    if field == "city" and rules.country == "JP":
        return str(MUNICIPALITY)
    if field in KINDS:
        words = KINDS[field]
        return str(words.get(rules.kinds[field]) or next(iter(words.values())))
    return str(LABELS[field])


def region_choices(rules: Rules, language: str) -> list[tuple[str, str]]:
    """Return code and name of the country's regions for a reader of the language, with an empty first choice."""
    local = reads_locally(rules.country, language)
    named = [(one.code, one.local if local else one.latin) for one in rules.regions]
    return [("", gettext("Please choose")), *named]


def problem(code: str, rules: Rules, entered: dict[str, str], language: str) -> str:
    """Return what a shopper can do about a refused field, in one sentence."""
    match code:
        case "postcode_region":
            local = reads_locally(rules.country, language)
            name = region_name(rules.country, entered.get("region", ""), latin=not local)
            return gettext("This postcode does not lie in %(region)s.") % {"region": name}
        case "postcode_invalid":
            return _looks_like(rules.postcode_examples[0] if rules.postcode_examples else "")
        case "phone_invalid":
            return _looks_like(example_phone(rules.country))
        case "region_invalid":
            return gettext("Please choose one of the list.")
        case "required":
            return gettext("Please fill this in.")
    return gettext("Please leave out control characters.")


def _looks_like(example: str) -> str:
    return gettext("Please check it: here it looks like %(example)s.") % {"example": example}
