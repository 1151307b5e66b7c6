"""One consignment while it is worked out: its prices without tax, its value for thresholds, and its answer. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from shop.crossborder.landed_cost.answer import Caution, QuotedConsignment, QuotedLine, Reason, Step, StepCode
from shop.crossborder.landed_cost.money import ZERO, apportion
from shop.crossborder.landed_cost.request import Consignment, Line
from shop.crossborder.landed_cost.schedule import Limits, Schedule, Taxes
from shop.crossborder.landed_cost.working import Working
from shop.crossborder.rulebook.entries import (
    Basis,
    CustomsValue,
    Scope,
    Threshold,
)

KILO = Decimal(1000)

NO_TAXES = Taxes((), ZERO, (), "")


def concerns(threshold: Threshold, line: Line) -> bool:
    """Whether the threshold is about such goods."""
    return not threshold.hs or line.hs.startswith(threshold.hs)


class Part:
    """One consignment while it is worked out. Lists run parallel to its lines; amounts in the answer's currency."""

    def __init__(self, working: Working, number: int, consignment: Consignment, *, imported: bool) -> None:
        self.working = working
        self.number = number
        self.consignment = consignment
        self.imported = imported
        self.lines = consignment.lines
        unit = self.unit = working.unit
        self.steps = working.steps
        same = consignment.currency == working.currency
        rate = None if same else working.rate(consignment.currency, working.currency)
        prices = [line.unit_price for line in self.lines]
        self.unit_prices = prices if rate is None else [(one * rate).quantize(unit, ROUND_HALF_UP) for one in prices]
        # The prices as charged: they contain the tax where the request says so.
        self.charged = [
            (price if rate is None else price * rate).quantize(unit, ROUND_HALF_UP)
            for price in [line.unit_price * line.quantity - line.discount for line in self.lines]
        ]
        self.charged_goods = sum(self.charged, ZERO)
        shipping = consignment.shipping if rate is None else consignment.shipping * rate
        self.charged_shipping = shipping.quantize(unit, ROUND_HALF_UP)
        self.shares = apportion(self.charged_shipping, self.charged, unit)
        self.duty = [ZERO] * len(self.lines)
        self.tax = [ZERO] * len(self.lines)
        self.fees = self.taxed_fees = self.tax_if_paid = ZERO
        # Whose tax the seller collects at the sale, and who owes none.
        self.at_sale = [False] * len(self.lines)
        self.untaxed = [False] * len(self.lines)
        # What prices and shares of delivery contain of tax.
        self.contained_goods = self.contained_shipping = [ZERO] * len(self.lines)
        self.schedule: Schedule | None = None
        self._asked: dict[tuple[str, Decimal, int], bool] = {}

    # --- Prices without tax -------------------------------------------------------------------------------------

    def use(self, schedule: Schedule | None) -> None:
        """Take the rules, and with them what prices are without the tax that they contain."""
        self.schedule = schedule
        self.taxes = [schedule.taxes(line.category, line.hs) if schedule else NO_TAXES for line in self.lines]
        if not self.working.inclusive:
            self.goods, self.shipping = self.charged, self.shares
            return
        self.contained_goods = [
            self._contained(price, tax) for price, tax in zip(self.charged, self.taxes, strict=True)
        ]
        self.contained_shipping = [
            self._contained(share, tax) for share, tax in zip(self.shares, self.taxes, strict=True)
        ]
        self.goods = [price - tax for price, tax in zip(self.charged, self.contained_goods, strict=True)]
        self.shipping = [share - tax for share, tax in zip(self.shares, self.contained_shipping, strict=True)]

    def _contained(self, amount: Decimal, taxes: Taxes) -> Decimal:
        if not taxes.total:
            return ZERO
        return (amount * taxes.total / (1 + taxes.total)).quantize(self.working.unit, ROUND_HALF_UP)

    # --- Thresholds ---------------------------------------------------------------------------------------------

    def value(self, threshold: Threshold, *, without_tax: bool = True) -> Decimal:
        """Return what the whole purchase is worth by the threshold's basis: several parcels count as one."""
        working = self.working
        if threshold.basis is Basis.UNITS:
            lines = (line for part in working.imports for line in part.lines)
            return Decimal(sum(line.quantity for line in lines if concerns(threshold, line)))
        goods = working.net_goods if without_tax else working.charged_goods
        if threshold.basis is Basis.GOODS:
            return goods
        shipping = working.net_shipping if without_tax else working.charged_shipping
        if threshold.basis is Basis.CIF or threshold.basis is Basis.YEAR:
            return goods + shipping
        return self.customs_value(goods, shipping)

    def customs_value(self, goods: Decimal, shipping: Decimal) -> Decimal:
        procedure = self.schedule.procedure if self.schedule else None
        if procedure is None:
            return goods + shipping
        value = goods + shipping if procedure.customs_value is CustomsValue.CIF else goods
        return value * procedure.valuation

    def within(self, threshold: Threshold, value: Decimal, line: int = -1) -> bool:
        """Whether a value in the answer's currency is within the threshold; noted as a step the first time."""
        working = self.working
        asked = (threshold.key, value, line)
        standing = self._asked.get(asked)
        if standing is not None:
            return standing
        if threshold.currency and working.currency != threshold.currency:
            value *= working.rate(working.currency, threshold.currency)
        if threshold.basis is Basis.YEAR:
            value += working.request.bought_this_year
        within = self._asked[asked] = value <= threshold.amount if threshold.inclusive else value < threshold.amount
        code = StepCode.WITHIN if within else StepCode.BEYOND
        working.steps.append(Step(code, self.number, line, threshold.key, value, None, threshold.amount))
        return within

    def _lines_within(self, threshold: Threshold, *, without_tax: bool) -> list[bool]:
        if threshold.scope is Scope.CONSIGNMENT:
            within = self.within(threshold, self.value(threshold, without_tax=without_tax))
            return [within and concerns(threshold, line) for line in self.lines]
        amounts = self.goods if without_tax else self.charged
        return [
            concerns(threshold, line) and self.within(threshold, amount / line.quantity, number)
            for number, (amount, line) in enumerate(zip(amounts, self.lines, strict=True))
        ]

    def relieved(self, thresholds: tuple[Threshold, ...]) -> list[bool]:
        """Return which lines are within one of the thresholds (of sellers registered as it asks)."""
        found = [False] * len(self.lines)
        for threshold in thresholds:
            if threshold.registration and threshold.registration not in self.consignment.registrations:
                continue
            if threshold.hs and not any(concerns(threshold, line) for line in self.lines):
                continue
            self.doubt(threshold.key, confirmed=threshold.confirmed)
            # Where the tax is not charged at sale, the price that would be declared is the price that is paid.
            lines = self._lines_within(threshold, without_tax=True in self.at_sale)
            found = [one or two for one, two in zip(found, lines, strict=True)]
        return found

    def sell_with_tax(self) -> None:
        """Decide which lines' tax the seller collects at the sale."""
        limits = self.limits()
        for threshold in limits.at_sale if limits else ():
            lines = self._lines_within(threshold, without_tax=True)
            if not any(lines):
                continue
            if threshold.registration in self.consignment.registrations:
                self.doubt(threshold.key, confirmed=threshold.confirmed)
                self.at_sale = [one or two for one, two in zip(self.at_sale, lines, strict=True)]
            else:
                self.working.caution(Caution.NOT_REGISTERED, threshold.key, threshold.registration)

    @property
    def goods_sum(self) -> Decimal:
        """The goods without the tax that prices contain."""
        return sum(self.goods, ZERO)

    @property
    def shipping_sum(self) -> Decimal:
        """The delivery without the tax that it contains."""
        return sum(self.shipping, ZERO)

    def limits(self) -> Limits | None:
        return self.schedule.limits if self.schedule and self.imported else None

    # --- Answer -------------------------------------------------------------------------------------------------

    def answer(self, *, at_the_door: bool) -> QuotedConsignment:
        """Return the consignment's figures; ``at_the_door``: what is not collected at the sale is paid on delivery.

        Tax that the shopper pays at the door is taken out of prices that contain it.
        """
        door = [at_the_door and self.imported and not sold for sold in self.at_sale]
        quoted, in_prices = [], ZERO
        for number, line in enumerate(self.lines):
            removed = door[number] and not self.untaxed[number]
            goods = self.goods[number] if removed else self.charged[number]
            shipping = self.shipping[number] if removed else self.shares[number]
            contained = ZERO
            if not removed and not self.untaxed[number]:
                contained = self.contained_goods[number]
                in_prices += contained + self.contained_shipping[number]
            rate = self.taxes[number].total if self.taxes[number].rows else None
            goods_tax = contained
            if not self.working.inclusive and not self.untaxed[number]:
                goods_tax = (self.goods[number] * (rate or ZERO)).quantize(self.working.unit, ROUND_HALF_UP)
            quoted.append(
                QuotedLine(
                    line.sku,
                    line.quantity,
                    self.unit_prices[number],
                    goods,
                    shipping,
                    self.duty[number],
                    self.tax[number],
                    goods_tax,
                    rate,
                )
            )
        leaves = at_the_door and self.imported
        due_tax = sum((tax for tax, is_due in zip(self.tax, door, strict=True) if is_due), ZERO)
        return QuotedConsignment(
            route=self.schedule.route if self.schedule and self.imported else "",
            imported=self.imported,
            collected_at_sale=any(self.at_sale),
            from_country=self.consignment.from_country,
            lines=tuple(quoted),
            goods=sum((line.goods for line in quoted), ZERO),
            shipping=sum((line.shipping for line in quoted), ZERO),
            duty=sum(self.duty, ZERO),
            tax=sum(self.tax, ZERO),
            fees=self.fees,
            tax_in_prices=in_prices,
            due_duty=sum(self.duty, ZERO) if leaves else ZERO,
            due_tax=due_tax,
            due_fees=self.fees if leaves else ZERO,
        )

    def doubt(self, key: str, *, confirmed: bool) -> None:
        if not confirmed:
            self.working.reason(Reason.RULE_UNCONFIRMED, key)
