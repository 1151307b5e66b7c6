"""The landed-cost engine: a pure function of a request and a version of the rule book.

Order of evaluation: restrictions, consignments, exchange to the answer's currency, basis values, thresholds, duty, fees
that tax is due on, tax line by line, other fees, sums. A rule that is missing, over or unconfirmed makes the answer an
ESTIMATE with the reason, and what an ESTIMATE says about imports is paid at the door (DAP): never a silent zero.
"""

from decimal import InvalidOperation

from shop.crossborder.landed_cost.answer import Caution, Kind, LandedCost, NotDeliverable, Notice, Reason
from shop.crossborder.landed_cost.consignments import Part
from shop.crossborder.landed_cost.duty import charge_duty, charge_fees
from shop.crossborder.landed_cost.money import ZERO
from shop.crossborder.landed_cost.request import BadRequest, Consignment, Fault, Incoterm, Request, check
from shop.crossborder.landed_cost.routing import choose_route, restrict
from shop.crossborder.landed_cost.schedule import Schedule, schedule
from shop.crossborder.landed_cost.tax import charge_tax
from shop.crossborder.landed_cost.waiving import waive_duty, waive_tax
from shop.crossborder.landed_cost.working import Working
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.entries import STANDARD


def landed_cost(request: Request, book: RuleBook) -> LandedCost:
    """Return what the purchase costs at the door under the rules of ``book``.

    :raises BadRequest: naming each field that is wrong, or an exchange rate that is needed.
    :raises NotDeliverable: naming each reason why the goods may not go there.
    """
    if faults := check(request):
        raise BadRequest(faults)
    try:
        return _work_out(request, book)
    except InvalidOperation:  # an exchange rate made of an amount more than the 28 digits of exact arithmetic
        message = f"The amounts are too large to be worked out in {request.currency} at these rates."
        raise BadRequest([Fault("/consignments", "too-large", message)]) from None


def _work_out(request: Request, book: RuleBook) -> LandedCost:
    working = Working(request)
    jurisdiction = book.locate(country=request.country, postcode=request.postcode, region=request.region, on=request.on)
    known = jurisdiction in book.jurisdictions
    if not known:
        working.reason(Reason.COUNTRY_WITHOUT_RULES, "", request.country)
    parts = [
        Part(working, number, one, imported=not known or _crosses(book, one, jurisdiction))
        for number, one in enumerate(request.consignments)
        if one.lines
    ]
    working.imports = [part for part in parts if part.imported]
    working.value_imports()
    refusals: list[Notice] = []
    for part in parts:
        part.use(_rules(part, book, jurisdiction, refusals) if known else None)
    if refusals:
        raise NotDeliverable(refusals)
    working.value_without_tax()
    for part in parts:
        part.sell_with_tax()
        charge_duty(part)
    if working.imports:
        waive_duty(working.imports)
    for part in parts:
        charge_fees(part)
        charge_tax(part)
    if working.imports:
        waive_tax(working.imports)
    return _sum(working, parts, jurisdiction, book)


def _crosses(book: RuleBook, one: Consignment, jurisdiction: str) -> bool:
    """Whether the consignment needs a customs procedure: bonded goods and named routes do wherever they lie."""
    if one.bonded or one.route not in {"", STANDARD} or one.from_country not in book.jurisdictions:
        return True
    return not book.free_between(one.from_country, jurisdiction)


def _rules(part: Part, book: RuleBook, jurisdiction: str, refusals: list[Notice]) -> Schedule:
    """Return the rules for the consignment, its goods checked against the restrictions."""
    working, one = part.working, part.consignment
    on = working.request.on
    if part.imported:
        chosen = choose_route(part, book, jurisdiction, refusals)
        if chosen.procedure is None:
            working.reason(Reason.PROCEDURE_MISSING, "", jurisdiction)
        elif not chosen.procedure.confirmed:
            working.reason(Reason.RULE_UNCONFIRMED, chosen.procedure.key)
    else:
        chosen = schedule(book, _taxing(part, book, jurisdiction), on, route=STANDARD, from_country=one.from_country)
    restrict(part, chosen, refusals)
    return chosen


def _taxing(part: Part, book: RuleBook, jurisdiction: str) -> str:
    """Return whose tax is due where no border is crossed.

    Between member states of the EU that is the destination's, for a seller in the Union One-Stop Shop; below EUR 10,000
    of such sales a year a seller may charge the tax of its own state instead (Directive 2006/112/EC, article 59c).
    """
    one = part.consignment
    home = one.from_country
    if home == part.working.request.country or "EU" not in book.chain(home) or "EU" not in book.chain(jurisdiction):
        return jurisdiction
    if "EU_OSS" in one.registrations:
        return jurisdiction
    part.working.caution(Caution.ORIGIN_TAX, "", home)
    return home


def _sum(working: Working, parts: list[Part], jurisdiction: str, book: RuleBook) -> LandedCost:
    request = working.request
    kind = Kind.ESTIMATE if working.reasons else Kind.FINAL
    incoterm = request.incoterm
    if kind is Kind.ESTIMATE and working.imports and not request.settled:
        incoterm = Incoterm.DAP
    quoted = tuple(part.answer(at_the_door=incoterm is Incoterm.DAP) for part in parts)
    goods = shipping = duty = tax = fees = in_prices = due_duty = due_tax = due_fees = ZERO
    for one in quoted:
        goods += one.goods
        shipping += one.shipping
        duty += one.duty
        tax += one.tax
        fees += one.fees
        in_prices += one.tax_in_prices
        due_duty += one.due_duty
        due_tax += one.due_tax
        due_fees += one.due_fees
    due = due_duty + due_tax + due_fees
    total = goods + shipping + duty + tax + fees - in_prices
    return LandedCost(
        kind=kind,
        incoterm=incoterm,
        currency=working.currency,
        country=request.country,
        jurisdiction=jurisdiction,
        goods=goods,
        shipping=shipping,
        duty=duty,
        tax=tax,
        fees=fees,
        tax_in_prices=in_prices,
        total=total,
        payable_now=total - due,
        payable_on_delivery=due,
        due_duty=due_duty,
        due_tax=due_tax,
        due_fees=due_fees,
        consignments=quoted,
        steps=tuple(working.steps),
        reasons=tuple(working.reasons),
        cautions=tuple(working.cautions),
        rulebook=book.version,
    )
