"""Setting quantities on Tmall: full (absolute) updates only, grouped by item.

An absolute set may be sent again when its outcome is unknown, which an increment may not; so increments are not used.
"""

from collections.abc import Iterable, Sequence

from shop.channels.adapters.errors import (
    AccountError,
    ChannelError,
    ContractViolation,
    InvalidRequest,
    ListingGone,
    RateLimited,
    Stale,
    UnknownOutcome,
)
from shop.channels.adapters.tmall import parse
from shop.channels.adapters.tmall.transport import TopTransport, Value
from shop.channels.adapters.types import PushOutcome, PushResult, StockTarget

METHOD = "tmall.item.quantity.update"
MAX_SKUS_PER_CALL = 20
_FULL_UPDATE = 1

Batch = list[StockTarget]
_Place = tuple[str, str | None]


def push(transport: TopTransport, targets: Sequence[StockTarget]) -> list[PushResult]:
    """One result per target, in the order given.

    Of several targets for one listing only the greatest version is sent. After a refusal that concerns the account
    or a rate limit nothing more is sent: the rest comes back as RETRY with the same error.
    """
    newest = _newest(targets)
    sent: dict[_Place, PushResult] = {}
    for batch in _batches(newest.values()):
        for result in _push_batch(transport, batch):
            sent[result.ref.item_id, result.ref.sku_id] = result
        stop = next((error for target in batch if (error := sent[_place(target)].error) and _halts(error)), None)
        if stop is not None:
            rest = (target for place, target in newest.items() if place not in sent)
            sent.update({_place(target): _failed(target, stop) for target in rest if _fault(target) is None})
            break
    return [_result_for(target, newest, sent) for target in targets]


def _place(target: StockTarget) -> _Place:
    return (target.ref.item_id, target.ref.sku_id)


def _newest(targets: Iterable[StockTarget]) -> dict[_Place, StockTarget]:
    newest: dict[_Place, StockTarget] = {}
    for target in targets:
        known = newest.get(_place(target))
        if known is None or target.version > known.version:
            newest[_place(target)] = target
    return newest


def _result_for(target: StockTarget, newest: dict[_Place, StockTarget], sent: dict[_Place, PushResult]) -> PushResult:
    fault = _fault(target)
    if fault is not None:
        return _failed(target, fault)
    if newest[_place(target)] != target:
        return _failed(target, Stale("A newer quantity for the same listing was sent instead."))
    return sent[_place(target)]


def _fault(target: StockTarget) -> InvalidRequest | None:
    if target.quantity < 0:
        return InvalidRequest("A quantity cannot be below zero.")
    ids = (target.ref.item_id, "1" if target.ref.sku_id is None else target.ref.sku_id)
    if not all(value.isascii() and value.isdigit() for value in ids):
        return InvalidRequest("Tmall item and SKU ids are decimal numbers.")
    return None


def _batches(targets: Iterable[StockTarget]) -> list[Batch]:
    """Calls to make: SKUs of one item together up to the platform's limit, items without SKUs one by one."""
    calls: list[Batch] = []
    by_item: dict[str, Batch] = {}
    for target in targets:
        if _fault(target) is not None:
            continue
        if target.ref.sku_id is None:
            calls.append([target])
        else:
            by_item.setdefault(target.ref.item_id, []).append(target)
    for batch in by_item.values():
        calls += [batch[start : start + MAX_SKUS_PER_CALL] for start in range(0, len(batch), MAX_SKUS_PER_CALL)]
    return calls


def build_params(batch: Sequence[StockTarget]) -> dict[str, Value | None]:
    """The business parameters of one call; all targets belong to one item and are all SKUs, or one item alone."""
    first = batch[0]
    params: dict[str, Value | None] = {"item_id": first.ref.item_id}
    if first.ref.sku_id is None:
        params["item_quantity"] = first.quantity
    else:
        params["sku_quantities"] = [
            {"sku_id": int(target.ref.sku_id), "quantity": target.quantity}
            for target in batch
            if target.ref.sku_id is not None
        ]
    params["options"] = {"type": _FULL_UPDATE}
    return params


def _push_batch(transport: TopTransport, batch: Batch) -> list[PushResult]:
    try:
        body = transport.call(METHOD, build_params(batch), writes=True)
        if parse.identity(body, "quantity_update_result") != batch[0].ref.item_id:
            raise ContractViolation("The platform confirmed another item than the one sent.")
    except (InvalidRequest, ListingGone) as error:
        if len(batch) == 1:
            return [_failed(batch[0], error)]
        # One bad SKU refuses its siblings too: send each alone, which an absolute set allows.
        return _push_singly(transport, batch)
    except ChannelError as error:
        return [_failed(target, error) for target in batch]
    return [
        PushResult(target.ref, target.version, PushOutcome.APPLIED, applied_quantity=target.quantity)
        for target in batch
    ]


def _push_singly(transport: TopTransport, batch: Batch) -> list[PushResult]:
    results: list[PushResult] = []
    for target in batch:
        last = results[-1].error if results else None
        results += [_failed(target, last)] if last and _halts(last) else _push_batch(transport, [target])
    return results


def _halts(error: ChannelError) -> bool:
    return isinstance(error, AccountError | RateLimited)


def _failed(target: StockTarget, error: ChannelError) -> PushResult:
    return PushResult(target.ref, target.version, outcome_of(error), error=error)


def outcome_of(error: ChannelError) -> PushOutcome:
    """What a refusal means for the stock target.

    An ill account is no fault of the listing: its desired number stands (RETRY), and the error tells the engine to
    stop the channel. A lost answer is RETRY as well, because the same absolute number may be set twice.
    """
    if isinstance(error, Stale):
        return PushOutcome.STALE
    if isinstance(error, ContractViolation):
        return PushOutcome.UNKNOWN
    if error.retryable or isinstance(error, AccountError | UnknownOutcome):
        return PushOutcome.RETRY
    return PushOutcome.REJECTED
