"""Writing exchange rates: importing tables, setting one by hand, and deciding on what was held."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import structlog
from babel.numbers import is_currency
from django.db import connection, transaction
from django.utils import timezone

from shop.crossborder.exchange import ecb, guards
from shop.crossborder.exchange.ecb import Table
from shop.crossborder.models import ExchangeRate
from shop.crossborder.models.prices import ACTOR_LENGTH

log = structlog.get_logger("vitrine.exchange")
Kind, Origin, State = ExchangeRate.Kind, ExchangeRate.Origin, ExchangeRate.State
LOCK = "shop.exchange"  # one writer at a time: whether a rate is held depends on the one before
BATCH = 2000
CHANGES = ["per_eur", "source", "state", "confirmed_by", "confirmed_on", "reason", "created_by", "created_at"]


class RateRefused(ValueError):
    """A rate cannot be written or decided on: a sentence that says why."""


@dataclass(frozen=True)
class Imported:
    """How many rates were new, stood already, and were corrected by their publisher; how many of these are held now."""

    new: int = 0
    same: int = 0
    corrected: int = 0
    held: int = 0


def import_ecb(*, content: bytes, actor: str) -> Imported:
    """Keep the tables of an ECB file as reference rates. Repeating changes nothing.

    :raises ~shop.crossborder.exchange.ecb.UnreadableRates: it is not such a file. :raises RateRefused: as
        :func:`import_tables`. Nothing was written.
    """
    return import_tables(tables=ecb.parse(content), kind=Kind.REFERENCE, source=ecb.SOURCE, actor=actor)


@transaction.atomic
def import_tables(*, tables: Iterable[Table], kind: str, source: str, actor: str) -> Imported:
    """Keep published tables. A rate that moved more than 10 % from the last accepted one is held until confirmed.

    A rate that its publisher has corrected since replaces the imported one, and its reason names the former; what was
    decided on it is open again. At most three statements and one for each 2,000 rows.

    :raises RateRefused: a table is dated later than tomorrow (somewhere it is tomorrow already).
    """
    tables = sorted(tables, key=lambda table: table.on)
    if not tables:
        return Imported()
    first, last = tables[0].on, tables[-1].on
    if last > timezone.localdate() + timedelta(days=1):
        raise RateRefused(f"There are no rates of {last.isoformat()} yet.")
    _one_writer()
    run = _Run(kind=kind, source=source, actor=actor, first=first, last=last)
    for table in tables:
        run.take(table)
    ExchangeRate.objects.bulk_create(run.new, batch_size=BATCH)
    ExchangeRate.objects.bulk_update(run.corrected, CHANGES, batch_size=BATCH)
    held = sum(row.state == State.HELD for row in (*run.new, *run.corrected))
    done = Imported(new=len(run.new), same=run.same, corrected=len(run.corrected), held=held)
    log.info("rates imported", kind=kind, first=str(first), last=str(last), **vars(done))
    return done


class _Run:
    """One import: what stands already, and the last accepted rate of each currency as the days go by."""

    def __init__(self, *, kind: str, source: str, actor: str, first: date, last: date) -> None:
        self.kind, self.source, self.actor, self.now = kind, source[:250], actor[:ACTOR_LENGTH], timezone.now()
        self.before = _accepted_before(kind, first)
        self.standing = {
            (row.on, row.currency, row.origin): row
            for row in ExchangeRate.objects.filter(kind=kind, on__gte=first, on__lte=last)
        }
        self.new: list[ExchangeRate] = []
        self.corrected: list[ExchangeRate] = []
        self.same = 0
        self.by_day: dict[date, list[ExchangeRate]] = {}
        for row in self.standing.values():
            self.by_day.setdefault(row.on, []).append(row)
        self.days = iter(sorted(self.by_day))
        self.next_day = next(self.days, None)

    def take(self, table: Table) -> None:
        """Judge and keep one day's table."""
        self._pass_days(before=table.on)
        for currency, per_eur in table.per_eur.items():
            row = self.standing.get((table.on, currency, Origin.IMPORTED))
            if row is None:
                row = ExchangeRate(kind=self.kind, currency=currency, on=table.on, origin=Origin.IMPORTED)
                self._write(row, per_eur, "")
                self.new.append(row)
            elif row.per_eur == per_eur:
                self.same += 1
            else:
                self._write(row, per_eur, f"Corrected by its publisher, before: {row.per_eur.normalize():f}.")
                self.corrected.append(row)
            manual = self.standing.get((table.on, currency, Origin.MANUAL))
            for one in (row, manual):
                if one and one.state == State.ACCEPTED:
                    self.before[currency] = one.per_eur

    def _pass_days(self, *, before: date) -> None:
        """Take note of accepted rates of days that the file does not have, such as those set by hand."""
        while self.next_day is not None and self.next_day < before:
            for row in sorted(self.by_day[self.next_day], key=lambda one: one.origin):
                if row.state == State.ACCEPTED:
                    self.before[row.currency] = row.per_eur
            self.next_day = next(self.days, None)

    def _write(self, row: ExchangeRate, per_eur: Decimal, reason: str) -> None:
        row.per_eur, row.source, row.created_by, row.created_at = per_eur, self.source, self.actor, self.now
        row.confirmed_by, row.confirmed_on, row.state = "", None, State.ACCEPTED
        last = self.before.get(row.currency)
        if last is not None and guards.jumps(last, per_eur):
            row.state = State.HELD
            by = guards.move(last, per_eur) * 100
            reason = f"{reason} Moved by {by:+.1f} % from {last.normalize():f}.".strip()
        row.reason = reason


def check_rate(*, kind: str, currency: str, per_eur: Decimal) -> None:
    """Check what a person sets.

    :raises RateRefused: no such currency or kind, EUR, a rate that is not above zero or has more than ten digits before
        or after the point.
    """
    if currency == "EUR" or not ecb.CODE.fullmatch(currency) or not is_currency(currency):
        raise RateRefused(f"“{currency[:40]}” is not a currency of ISO 4217 other than EUR.")
    if kind not in Kind.values:
        raise RateRefused(f"There is no kind of rates “{kind[:40]}”.")
    if not per_eur.is_finite() or per_eur <= 0:
        raise RateRefused("A rate is above zero.")
    if per_eur >= 10**10 or per_eur != per_eur.quantize(Decimal("1e-10")):
        raise RateRefused("A rate has at most ten digits before and ten after the point.")


@transaction.atomic
def set_rate(
    *, currency: str, per_eur: Decimal, on: date, reason: str, actor: str, kind: str = Kind.REFERENCE, source: str = ""
) -> ExchangeRate:
    """Set a day's rate by hand; it counts before the imported one of that day, which stays.

    Setting it again replaces the former, whose rate and author the reason keeps.

    :raises RateRefused: as :func:`check_rate`, or there is no reason or no actor.
    """
    check_rate(kind=kind, currency=currency, per_eur=per_eur)
    if not reason.strip() or not actor.strip():
        raise RateRefused("A rate set by hand has a reason and an author.")
    _one_writer()
    wanted = {"kind": kind, "currency": currency, "on": on, "origin": Origin.MANUAL}
    row = ExchangeRate.objects.filter(**wanted).first() or ExchangeRate(**wanted)
    row.reason = reason.strip()
    if row.pk:
        row.reason += f" (Instead of {row.per_eur.normalize():f} by {row.confirmed_by}.)"
    row.per_eur, row.state, row.source = per_eur, State.ACCEPTED, (source.strip() or "Set by hand")[:250]
    row.created_by = row.confirmed_by = actor[:ACTOR_LENGTH]
    row.created_at, row.confirmed_on = timezone.now(), timezone.localdate()
    row.save()
    return row


@transaction.atomic
def confirm_rates(*, ids: Collection[int], by: str) -> int:
    """Accept held or rejected rates; return how many rates are accepted by it.

    Later held rates of the same currency that no longer jump, seen from the confirmed one, are accepted with it.

    :raises RateRefused: one is accepted already, or nobody confirms.
    """
    rows = _undecided(ids, by, refused=State.ACCEPTED)
    _decide(rows, State.ACCEPTED, by)
    released = [later for row in _first_of_each(rows) for later in _released_after(row)]
    _decide(released, State.ACCEPTED, by)
    return len(rows) + len(released)


@transaction.atomic
def reject_rates(*, ids: Collection[int], by: str) -> int:
    """Never use these rates; return how many. An import leaves them rejected.

    :raises RateRefused: one is rejected already, or nobody rejects.
    """
    rows = _undecided(ids, by, refused=State.REJECTED)
    _decide(rows, State.REJECTED, by)
    return len(rows)


def _one_writer() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])


def _accepted_before(kind: str, day: date) -> dict[str, Decimal]:
    """Return the last accepted rate of each currency before the day."""
    rows = ExchangeRate.objects.filter(kind=kind, state=State.ACCEPTED, on__lt=day)
    newest = rows.order_by("currency", "-on", "-origin").distinct("currency")
    return dict(newest.values_list("currency", "per_eur"))


def _undecided(ids: Collection[int], by: str, *, refused: str) -> list[ExchangeRate]:
    if not by.strip():
        raise RateRefused("Somebody decides on rates: a name is needed.")
    _one_writer()
    rows = list(ExchangeRate.objects.filter(id__in=ids).order_by("on", "id"))
    missing = len(set(ids)) - len(rows)
    if missing:
        raise RateRefused(f"{missing} of the rates do not exist.")
    decided = [str(row) for row in rows if row.state == refused]
    if decided:
        raise RateRefused(f"{State(refused).label} already: {'; '.join(decided[:3])}.")
    return rows


def _decide(rows: list[ExchangeRate], state: str, by: str) -> None:
    ExchangeRate.objects.filter(id__in=[row.id for row in rows]).update(
        state=state, confirmed_by=by[:ACTOR_LENGTH], confirmed_on=timezone.localdate()
    )


def _first_of_each(rows: list[ExchangeRate]) -> list[ExchangeRate]:
    """Return the earliest row of each kind and currency; rows come by day."""
    return list({(row.kind, row.currency): row for row in reversed(rows)}.values())


def _released_after(confirmed: ExchangeRate) -> list[ExchangeRate]:
    """Return the held rates that follow without a jump, over those that still jump."""
    later = ExchangeRate.objects.filter(kind=confirmed.kind, currency=confirmed.currency, on__gt=confirmed.on)
    released, last = [], confirmed.per_eur
    for row in later.exclude(state=State.REJECTED).order_by("on", "origin"):
        if row.state == State.HELD:
            if guards.jumps(last, row.per_eur):
                continue
            released.append(row)
        last = row.per_eur
    return released
