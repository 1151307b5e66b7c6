"""Which way goods go in (China has several), and what may not go at all. Pure."""

from shop.crossborder.landed_cost.answer import Caution, Notice, Reason
from shop.crossborder.landed_cost.consignments import Part, concerns
from shop.crossborder.landed_cost.schedule import Schedule, routes, schedule
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.entries import STANDARD, Action, Effect, Procedure

BONDED_ROUTE = "cbec"
REFUSED = "refused"
NO_ROUTE = "no_route"


def choose_route(part: Part, book: RuleBook, jurisdiction: str, refusals: list[Notice]) -> Schedule:
    """Return the rules of the first route that the goods may take; without one, its reasons join ``refusals``."""
    one, on = part.consignment, part.working.request.on
    ways = routes(book, jurisdiction, on)

    def rules(route: str) -> Schedule:
        return schedule(book, jurisdiction, on, route=route, from_country=one.from_country)

    wished = one.route or (BONDED_ROUTE if one.bonded and any(way.route == BONDED_ROUTE for way in ways) else "")
    if not wished and len(ways) <= 1:
        found = rules(ways[0].route if ways else STANDARD)
        _accept(part, found, found.procedure, refusals)
        return found
    tried: list[Notice] = []
    for way in ways:
        if wished and way.route != wished:
            continue
        found = rules(way.route)
        against: list[Notice] = []
        if _accept(part, found, way, against, named=bool(one.route)):
            return found
        tried += against
    refusals += tried or [Notice(NO_ROUTE, "", wished or jurisdiction)]
    return rules(wished or STANDARD)


def _accept(part: Part, rules: Schedule, way: Procedure | None, against: list[Notice], *, named: bool = False) -> bool:
    """Whether the goods may take the route; if not, why. A route the seller names needs no registration here."""
    before = len(against)
    doubts: list[Notice] = []
    if way is not None:
        if way.registration and not named and way.registration not in part.consignment.registrations:
            against.append(Notice(NO_ROUTE, way.key, way.registration))
        if way.one_article and not _one_article(part):
            against.append(Notice(NO_ROUTE, way.key, "one article"))
        if way.permit_only:
            doubts = _permitted(part, rules, against)
    for threshold in rules.limits.refuse:
        if not any(concerns(threshold, line) for line in part.lines):
            continue
        if Effect.REFUSE_ABOVE_UNLESS_ONE in threshold.effects and _one_article(part):
            continue
        part.schedule = rules
        if not part.within(threshold, part.value(threshold, without_tax=False)):
            against.append(Notice(REFUSED, threshold.key, f"{threshold.amount:f} {threshold.currency}"))
    if len(against) > before:
        return False
    part.working.reasons.update(dict.fromkeys(doubts))
    return True


def _one_article(part: Part) -> bool:
    """Whether the whole purchase is one article, which cannot be divided."""
    return sum(line.quantity for other in part.working.imports for line in other.lines) == 1


def _permitted(part: Part, rules: Schedule, against: list[Notice]) -> list[Notice]:
    """Return the doubts about goods that the positive list may hold; those that it does not join ``against``."""
    doubts = []
    for line in part.lines:
        permit = rules.permit(line.hs, line.origin, line.flags)
        if permit is None:
            against.append(Notice(NO_ROUTE, "", line.hs))
        elif not permit.confirmed:
            doubts.append(Notice(Reason.RULE_UNCONFIRMED, permit.key, line.hs))
    return doubts


def restrict(part: Part, rules: Schedule, refusals: list[Notice]) -> None:
    """Refuse what may not go there and note what needs a paper. A ban holds while it is unconfirmed too."""
    if not rules.has_restrictions:
        return
    for line in part.lines:
        for row in rules.restrictions(line.hs, line.origin, line.flags):
            if row.action is Action.BLOCK:
                refusals.append(Notice(row.code, row.key, line.sku))
            elif row.action is not Action.PERMIT:
                part.working.caution(Caution(row.action.value), row.key, line.sku)
