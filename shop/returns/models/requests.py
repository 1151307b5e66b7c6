"""Returns: what a shopper sends back of an order, what came, and in which condition."""

import uuid
from decimal import Decimal
from secrets import token_urlsafe

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.stock.models import Warehouse
from shop.catalogue.models import Variant
from shop.checkout.models import Basket
from shop.orders.models import Order, OrderLine
from shop.payments.models import Refund


def return_token() -> str:
    """Return an unguessable token (256 bits) for the return's public page."""
    return token_urlsafe(32)


class ReturnKind(models.TextChoices):
    """What the shopper wants."""

    WITHDRAWAL = "withdrawal", _("Withdrawal")
    RETURN = "return", _("Return")
    FAULTY = "faulty", _("Faulty goods")
    EXCHANGE = "exchange", _("Exchange")


class ReturnState(models.TextChoices):
    """Where a return is; moves are in ``shop.returns.transitions``."""

    REQUESTED = "requested", _("Requested")
    AUTHORISED = "authorised", _("Authorised")
    REFUSED = "refused", _("Refused")
    IN_TRANSIT = "in_transit", _("On its way back")
    RECEIVED = "received", _("Received")
    INSPECTED = "inspected", _("Inspected")
    CLOSED = "closed", _("Closed")


class ReturnReason(models.TextChoices):
    """Why, in the shopper's words; a withdrawal needs none."""

    NONE = "", _("No reason given")
    CHANGED_MIND = "changed_mind", _("I changed my mind")
    WRONG_SIZE = "wrong_size", _("It does not fit or is not as I imagined")
    DAMAGED = "damaged", _("It arrived damaged")
    FAULTY = "faulty", _("It is faulty")
    WRONG_ARTICLE = "wrong_article", _("It is not what I ordered")
    TOO_LATE = "too_late", _("It came too late")


class ReturnRequest(models.Model):
    """Goods of one order on their way back, and what is owed for them. Money is in the order's currency.

    ``asked_at`` is when the shopper spoke: the law counts from there. ``due_on`` is the next day by which somebody has
    to act (``due_what``); the list of the admin is sorted by it.
    """

    class Due(models.TextChoices):
        NOTHING = "", "–"
        ANSWER = "answer", _("Answer the shopper")
        GOODS = "goods", _("Goods to arrive")
        INSPECT = "inspect", _("Inspect and refund")
        REFUND = "refund", _("Refund")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    token = models.CharField(max_length=64, unique=True, default=return_token)
    cause_key = models.CharField(max_length=160, unique=True, help_text=_("The same cause opens one return."))
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    kind = models.CharField(max_length=12, choices=ReturnKind)
    state = models.CharField(max_length=12, choices=ReturnState, default=ReturnState.REQUESTED, db_index=True)
    reason = models.CharField(max_length=16, choices=ReturnReason, blank=True)
    note = models.TextField(max_length=1000, blank=True, help_text=_("In the shopper's own words."))
    basis = models.CharField(
        max_length=40, blank=True, help_text=_("The rule under which it is in time; empty: a person decided.")
    )
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, null=True, blank=True, help_text=_("Where the goods are to be sent.")
    )
    asked_at = models.DateTimeField()
    authorised_at = models.DateTimeField(null=True, blank=True)
    refused_reason = models.TextField(max_length=1000, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text=_("When the shopper proved that she sent it."))
    tracking = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField(null=True, blank=True, help_text=_("When the last of it came."))
    inspected_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    send_back_by = models.DateField(null=True, blank=True)
    refund_by = models.DateField(null=True, blank=True, help_text=_("The last day for the money to go back, by law."))
    due_on = models.DateField(null=True, blank=True, db_index=True)
    due_what = models.CharField(max_length=8, choices=Due, blank=True)
    delivery_refund = models.DecimalField(
        max_digits=18, decimal_places=4, default=Decimal(0), help_text=_("Of the delivery to her, what goes back.")
    )
    deduction = models.DecimalField(
        max_digits=18, decimal_places=4, default=Decimal(0), help_text=_("Taken off for diminished value.")
    )
    deduction_reason = models.TextField(max_length=1000, blank=True)
    refund = models.OneToOneField(
        Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="return_request"
    )
    exchange_basket = models.ForeignKey(Basket, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    exchange_order = models.OneToOneField(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="exchanged_for"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "-created_at"]
        verbose_name = _("return")
        constraints = [
            models.CheckConstraint(
                condition=Q(delivery_refund__gte=0, deduction__gte=0), name="returnrequest_money_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(deduction=0) | ~Q(deduction_reason=""),
                name="returnrequest_deduction_has_reason",
                violation_error_message=_("A deduction needs a reason."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refused_reason=""), name="returnrequest_refused_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ReturnLine(models.Model):
    """Units of an order line in a return: asked for, come, found to be, and accepted for the refund."""

    request = models.ForeignKey(ReturnRequest, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="returned_in")
    units = models.PositiveIntegerField(help_text=_("Authorised."))
    received = models.PositiveIntegerField(default=0)
    resaleable = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    damaged = models.PositiveIntegerField(default=0)
    written_off = models.PositiveIntegerField(default=0, help_text=_("Of the damaged ones."))
    accepted = models.PositiveIntegerField(default=0, help_text=_("Units whose money goes back."))
    finding = models.CharField(max_length=250, blank=True, help_text=_("What the inspection found."))
    wanted = models.ForeignKey(
        Variant, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text=_("In exchange.")
    )

    class Meta:
        ordering = ["order_line__position"]
        constraints = [
            models.UniqueConstraint(fields=["request", "order_line"], name="returnline_once"),
            models.CheckConstraint(condition=Q(units__gt=0), name="returnline_units_positive"),
            models.CheckConstraint(condition=Q(received__lte=F("units")), name="returnline_received_within"),
            models.CheckConstraint(
                condition=Q(received__gte=F("resaleable") + F("quarantined") + F("damaged")),
                name="returnline_conditions_within",
            ),
            models.CheckConstraint(condition=Q(written_off__lte=F("damaged")), name="returnline_written_off_within"),
            models.CheckConstraint(condition=Q(accepted__lte=F("received")), name="returnline_accepted_within"),
        ]

    def __str__(self) -> str:
        return f"{self.units} × {self.order_line.sku}"


class ReturnClaim(models.Model):
    """How many units of an order line are in a return: each can be returned once. One row an order line.

    Claimed by one conditional update; the check behind it holds whatever the program does.
    """

    order_line = models.OneToOneField(
        OrderLine, on_delete=models.PROTECT, primary_key=True, related_name="return_claim"
    )
    ordered = models.PositiveIntegerField()
    claimed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(claimed__lte=F("ordered")), name="returnclaim_within_ordered")
        ]

    def __str__(self) -> str:
        return f"{self.claimed} of {self.ordered} × {self.order_line.sku}"


class ReturnEvent(models.Model):
    """One step of a return: append-only, with actor and cause. The state may stay, as when a parcel came in part."""

    request = models.ForeignKey(ReturnRequest, on_delete=models.PROTECT, related_name="events")
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    actor = models.CharField(max_length=80)
    cause = models.CharField(max_length=250)
    key = models.CharField(max_length=160, null=True, blank=True, unique=True, help_text=_("The same key is one step."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.request}: {self.from_state or '∅'} → {self.to_state}"
