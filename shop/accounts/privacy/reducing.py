"""Taking the person out of rows, as the rooms' registers say."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from config.personal_data import Holding, Person, Rule, register


def _new(value: Any, old: Any, pk: Any) -> Any:
    if value is list:
        return []
    return value(old, pk) if callable(value) else value


def _write(rows: QuerySet, values: Mapping[str, Any]) -> int:
    """Put the values into the rows; functions are given what stands there. Returns how many rows there are."""
    if not values:
        return rows.count()
    found = list(rows)
    for row in found:
        fresh = {name: _new(value, getattr(row, name), row.pk) for name, value in values.items()}
        # By an update of these columns alone: nothing else of the row is written back.
        rows.model._default_manager.filter(pk=row.pk).update(**fresh)  # noqa: SLF001 (public)
    return len(found)


def _rows(holding: Holding, which: Q) -> QuerySet:
    keys = apps.get_model(holding.model)._default_manager.filter(which).values("pk")  # noqa: SLF001 (public)
    rows: QuerySet = apps.get_model(holding.model)._default_manager.filter(pk__in=keys)  # noqa: SLF001
    return rows


def _at_once(rule: Rule) -> tuple[bool, Any]:
    if rule.when == "at_once":
        return True, rule.value
    if rule.when == "later" and rule.value[1] is not None:
        return True, rule.value[1]
    return False, None


def erase_now(person: Person) -> list[dict[str, Any]]:
    """Take out what goes at once; return what was done, table by table, without anything of the person."""
    done: list[dict[str, Any]] = []
    last: list[tuple[Holding, QuerySet]] = []
    for holding in register().holdings:
        if holding.of is None:
            continue
        rows = _rows(holding, holding.of(person))
        # By its primary keys, because what finds the rows may be what is taken out.
        keys = list(rows.values_list("pk", flat=True))
        if keys:
            last.append((holding, rows.model._default_manager.filter(pk__in=keys)))  # noqa: SLF001 (public)
    for holding, rows in last:
        if holding.delete:
            done.append(_entry(holding, "removed", len(rows.values_list("pk"))))
            rows.delete()
            continue
        values = {name: new for name, rule in holding.fields.items() for due, new in [_at_once(rule)] if due}
        count = _write(rows, values)
        if values:
            done.append(_entry(holding, "emptied", count, sorted(values)))
        done += _kept(holding, count)
    return done


def _kept(holding: Holding, count: int) -> list[dict[str, Any]]:
    reasons: dict[str, list[str]] = {}
    for name, rule in holding.fields.items():
        if rule.when == "never":
            reasons.setdefault(rule.reason, []).append(name)
    return [_entry(holding, "kept", count, sorted(names), why) for why, names in reasons.items()]


def _entry(holding: Holding, what: str, rows: int, fields: list[str] | None = None, why: str = "") -> dict[str, Any]:
    entry: dict[str, Any] = {"data": holding.name, "about": holding.about, "what": what, "rows": rows}
    return entry | ({"fields": fields} if fields else {}) | ({"why": why} if why else {})


def reduce_orders(order_ids: list[Any]) -> list[dict[str, Any]]:
    """Take out of orders and what belongs to them what only the law still wanted; return what was done."""
    done = []
    for holding in register().holdings:
        values = {name: rule.value[0] for name, rule in holding.fields.items() if rule.when == "later"}
        if values and holding.order:
            count = _write(_rows(holding, Q(**{f"{holding.order}__in": order_ids})), values)
            if count:
                done.append(_entry(holding, "reduced", count, sorted(values)))
    return done
