"""The doors of withdrawals and returns. Ids of orders and returns are secret tokens."""

from typing import Any

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.problems import Problem
from shop.catalogue.models import Variant
from shop.crossborder.money import text
from shop.orders.models import Order, OrderLine
from shop.returns import actions, drafts, tasks
from shop.returns.drafts import Draft
from shop.returns.errors import DraftExpired, DraftUnreadable, NotExchangeable, NothingToReturn, NotReturnable
from shop.returns.limits import WithdrawalThrottle
from shop.returns.models import ReturnKind, ReturnRequest
from shop.returns.slip import NoSlip, address_of
from shop.store_api import idempotency, return_shapes
from shop.store_api.api import StoreView, refused, valid
from shop.store_api.checkout_api import KEY


def order_of(token: str) -> Order:
    """Return the order, or raise Http404 whatever is wrong with the token."""
    found = Order.objects.select_related("market").filter(token=token[:64]).first()
    if found is None:
        raise Http404
    return found


def named_lines(order: Order, rows: list[dict[str, Any]]) -> list[tuple[OrderLine, dict[str, Any]]]:
    """Return the order's lines that the rows name by position.

    :raises Problem: 422 unknown-line, line-named-twice; with a pointer to each.
    """
    by_position = {line.position: line for line in order.lines.all()}
    errors, seen = [], set()
    for number, row in enumerate(rows):
        position = row["position"]
        code = "unknown-line" if position not in by_position else "line-named-twice" if position in seen else ""
        if code:
            errors.append({"pointer": f"/lines/{number}/position", "code": code, "message": f"Line {position}."})
        seen.add(position)
    if errors:
        raise Problem(
            status_code=422, code=errors[0]["code"], title="Some lines cannot be meant.", detail="", errors=errors
        )
    return [(by_position[row["position"]], row) for row in rows]


class Withdrawal(StoreView):
    @extend_schema(
        request=return_shapes.WithdrawalRequest,
        responses={
            200: return_shapes.WithdrawalDraft,
            201: return_shapes.WithdrawalReceipt,
            **refused(400, 404, 415, 422),
        },
        operation_id="withdrawal",
    )
    def post(self, request: Request, token: str) -> Response:
        """Withdraw from the contract, in two steps: state it, then confirm it with what the statement answers.

        Confirming again answers the same receipt; the mail is sent once.
        """
        order = order_of(token)
        asked = valid(return_shapes.WithdrawalRequest, request.data)
        if asked.get("confirmation"):
            return self.confirm(request, order, asked["confirmation"])
        missing = [name for name in ("name", "email") if not asked.get(name)]
        if missing:
            raise Problem(
                status_code=400,
                code="validation-error",
                title="The request is not valid.",
                detail="A statement needs a name and an e-mail address for the receipt.",
                errors=[{"pointer": f"/{one}", "code": "required", "message": "This is needed."} for one in missing],
            )
        rows = named_lines(order, asked.get("lines", []))
        draft = Draft(
            name=asked["name"],
            order_number=order.number,
            email=asked["email"],
            language=order.language,
            market=order.market.code if order.market else "",
            lines={str(line.pk): row["units"] for line, row in rows},
            order=str(order.pk),
        )
        return Response({"confirmation": drafts.sign(draft), **_said(draft, order)})

    def confirm(self, request: Request, order: Order, token: str) -> Response:
        """Keep the statement, send the receipt, and let it be carried out."""
        throttle = WithdrawalThrottle()
        if not throttle.allow_request(request, self):
            self.throttled(request, throttle.wait() or 1)
        try:
            _check_order(token, order)
            statement = actions.confirm(token=token)
        except (DraftExpired, DraftUnreadable) as error:
            code = "confirmation-expired" if isinstance(error, DraftExpired) else "confirmation-unreadable"
            raise Problem(
                status_code=422,
                code=code,
                title="This confirmation is not good (any more).",
                detail=str(error),
                errors=[{"pointer": "/confirmation", "code": code, "message": str(error)}],
            ) from error
        tasks.carry_out.delay(str(statement.pk))
        receipt = {**_said(statement, order), "submitted_at": statement.sent_at.isoformat()}
        return Response(receipt, status=201)


def _check_order(token: str, order: Order) -> None:
    if drafts.read(token).order != str(order.pk):
        raise DraftUnreadable("This statement is about another order.")


def _said(said: Any, order: Order) -> dict[str, Any]:
    return {
        "name": said.name,
        "order_number": said.order_number,
        "email": said.email,
        "lines": [
            {"position": line.position, "units": said.lines[str(line.pk)]}
            for line in order.lines.all()
            if str(line.pk) in said.lines
        ],
    }


class Returns(StoreView):
    @extend_schema(
        request=return_shapes.NewReturn,
        parameters=[KEY],
        responses={201: return_shapes.ReturnAnswer, **refused(400, 404, 409, 415, 422)},
        operation_id="return_create",
    )
    def post(self, request: Request, token: str) -> Response:
        """Ask to send goods back or to exchange them. Needs an Idempotency-Key."""
        order = order_of(token)
        asked = valid(return_shapes.NewReturn, request.data)
        return idempotency.once(request, scope=f"return:{order.pk}", work=lambda key: self.open(order, asked, key))

    def open(self, order: Order, asked: dict[str, Any], key: str) -> Response:
        """Open the return for the first request with this key."""
        rows = named_lines(order, asked["lines"])
        instead = Variant.objects.in_bulk(
            [row["instead"] for _line, row in rows if row.get("instead")], field_name="sku"
        )
        exchange = asked["kind"] == ReturnKind.EXCHANGE
        for number, (_line, row) in enumerate(rows):
            if exchange and row.get("instead") not in instead:
                raise _cannot(number, "instead", "not-exchangeable", "Name the SKU wanted instead.")
        wanted = {
            line.pk: actions.Wanted(row["units"], instead[row["instead"]] if exchange else None) for line, row in rows
        }
        places = {line.pk: number for number, (line, _row) in enumerate(rows)}
        try:
            made = actions.open_return(
                order_id=order.pk,
                kind=ReturnKind(asked["kind"]),
                lines=wanted,
                cause_key=f"store:{order.pk}:{key}"[:160],
                actor="store api",
                reason=asked.get("reason", ""),
                note=asked.get("note", ""),
            )
        except NotReturnable as error:
            raise _cannot(places[error.line_id], "units", "not-returnable", str(error), left=error.left) from error
        except NotExchangeable as error:
            raise _cannot(places[error.line_id], "instead", "not-exchangeable", str(error)) from error
        except NothingToReturn as error:
            raise _cannot(0, "units", "nothing-to-return", str(error)) from error
        return Response(return_json(made), status=201)


def _cannot(number: int, field: str, code: str, message: str, **more: Any) -> Problem:
    return Problem(
        status_code=409,
        code=code,
        title="This cannot be returned as asked.",
        detail=message,
        errors=[{"pointer": f"/lines/{number}/{field}", "code": code, "message": message, **more}],
    )


class ReturnDetail(StoreView):
    cache_control = "private, no-cache"

    @extend_schema(responses={200: return_shapes.ReturnAnswer, **refused(404)}, operation_id="return")
    def get(self, _request: Request, token: str) -> Response:
        """Show a return to whoever has its token."""
        found = ReturnRequest.objects.select_related("order", "refund").filter(token=token[:64]).first()
        if found is None:
            raise Http404
        return Response(return_json(found))


def return_json(request: ReturnRequest) -> dict[str, Any]:
    """Return a return as the API shows it. Three statements at most."""
    order = request.order
    address: list[str] = []
    if request.authorised_at and not request.refused_reason:
        try:
            address = address_of(request)
        except NoSlip:
            address = []
    return {
        "number": request.number,
        "token": request.token,
        "order": order.number,
        "kind": request.kind,
        "state": request.state,
        "refused_reason": request.refused_reason or None,
        "send_back_by": request.send_back_by.isoformat() if request.send_back_by else None,
        "refund_by": request.refund_by.isoformat() if request.refund_by else None,
        "address": address,
        "slip": f"{settings.SITE_URL}/returns/{request.token}/slip.pdf" if address else None,
        "currency": order.currency,
        "deduction": text(request.deduction, order.currency),
        "delivery_refund": text(request.delivery_refund, order.currency),
        "refunded": text(request.refund.amount, order.currency) if request.refund else None,
        "lines": [
            {
                "position": line.order_line.position,
                "sku": line.order_line.sku,
                "units": line.units,
                "received": line.received,
                "accepted": line.accepted,
                "instead": line.wanted.sku if line.wanted else None,
            }
            for line in request.lines.select_related("order_line", "wanted")
        ],
    }
