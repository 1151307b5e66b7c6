"""From what was earned to what is paid, and what the next period needs to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from licensing.royalties.engine import deductions, pools
from licensing.royalties.engine.amounts import ZERO
from licensing.royalties.engine.earning import Sale
from licensing.royalties.engine.lines import LineResult, Original
from licensing.royalties.engine.statement import Bucket, Request, State, Statement
from licensing.royalties.engine.tax import taxed
from licensing.royalties.engine.terms import GuaranteeTest, Terms
from licensing.royalties.engine.tiers import Count


@dataclass(frozen=True)
class Totals:
    earned: Decimal
    adjustments: Decimal
    sales: Decimal
    fund: Decimal


def contract_year(request: Request, terms: Terms) -> date:
    """Return the first day of the contract year that the period lies in."""
    starts = terms.year_starts
    this = request.begin.replace(month=starts.month, day=starts.day)
    return this if this <= request.begin else this.replace(year=this.year - 1)


def settle(
    request: Request,
    terms: Terms,
    totals: Totals,
    *,
    results: Sequence[LineResult],
    buckets: Sequence[Bucket],
    counts: Mapping[tuple[str, str], Count],
    sales: Sequence[Sale],
) -> Statement:
    """From what was earned to what is paid, and what the next period needs to know."""
    currency, opening = terms.currency, request.opening.balances
    kept = pools.reserve(terms.reserve, opening.held, sales=totals.sales, currency=currency, final=request.final)
    due = totals.earned + totals.adjustments - kept.hold + kept.release
    first = pools.recoup(None, unrecouped=opening.topped_up, credit=opening.credit, amount=due)
    second = pools.recoup(
        terms.advance, unrecouped=opening.unrecouped, credit=ZERO, amount=first.payable or first.credit
    )
    recouped = first.recouped + second.recouped
    year = pools.year_end(terms.year_starts, terms.scope.term_from, end=request.end)
    tested = pools.guarantee(
        terms.guarantee,
        opening.guarantee,
        earned=totals.earned + totals.adjustments,
        paid=second.payable + second.recouped,
        year_days=year,
        term_ends=request.end >= terms.scope.term_until,
        currency=currency,
    )
    crossed = terms.guarantee is not None and terms.guarantee.test == GuaranteeTest.CUMULATIVE
    royalty = second.payable + tested.shortfall
    fund_taxed = terms.fund is not None and terms.fund.taxed
    taxes = taxed(
        terms.tax,
        royalty + totals.fund if fund_taxed else royalty,
        untaxed=ZERO if fund_taxed else totals.fund,
        currency=currency,
    )
    closing = _closing(
        request,
        terms,
        counts,
        sales,
        pools.Balances(
            unrecouped=second.unrecouped,
            topped_up=first.unrecouped + (tested.shortfall if crossed else ZERO),
            credit=second.credit,
            held=kept.held,
            guarantee=tested.state,
        ),
    )
    return Statement(
        currency=currency,
        begin=request.begin,
        end=request.end,
        lines=tuple(sorted(results, key=lambda one: (one.line.sold_on, one.line.id))),
        buckets=tuple(buckets),
        earned=totals.earned,
        adjustments=totals.adjustments,
        held=kept.hold,
        released=kept.release,
        recouped=recouped,
        shortfall=tested.shortfall,
        royalty_payable=royalty,
        fund=totals.fund,
        invoice=royalty + totals.fund,
        taxes=taxes,
        closing=closing,
        originals={
            one.line.id: Original(
                one.line.units, one.rate, one.per_unit, one.fx, terms.fund.rate if terms.fund else ZERO
            )
            for one in results
            if not one.line.returned
        },
    )


def _closing(
    request: Request,
    terms: Terms,
    counts: Mapping[tuple[str, str], Count],
    sales: Sequence[Sale],
    balances: pools.Balances,
) -> State:
    year = contract_year(request, terms)
    so_far = request.opening.year if request.opening.year_of == year else deductions.YearSoFar()
    gross, allowed = dict(so_far.gross), dict(so_far.allowed)
    sold, sold_off = dict(request.opening.sold), dict(request.opening.sold_off)
    for sale in sales:
        line = sale.line
        gross[line.currency] = gross.get(line.currency, ZERO) + sale.base
        for kind, amount in sale.ruling.allowed.items():
            allowed[line.currency, kind] = allowed.get((line.currency, kind), ZERO) + amount
        for cap in terms.aggregate_caps:
            joined = "+".join(cap.kinds)
            part = sum((sale.ruling.allowed.get(kind, ZERO) for kind in cap.kinds), ZERO)
            if len(cap.kinds) > 1:
                allowed[line.currency, joined] = allowed.get((line.currency, joined), ZERO) + part
        sold[line.sku] = sold.get(line.sku, 0) + line.units
        if line.sold_on > terms.scope.term_until:
            sold_off[line.sku] = sold_off.get(line.sku, 0) + line.units
    return State(
        counts=dict(counts),
        year=deductions.YearSoFar(gross, allowed),
        year_of=year,
        sold=sold,
        sold_off=sold_off,
        balances=balances,
    )
