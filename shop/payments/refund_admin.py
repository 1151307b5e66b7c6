"""Refunds: their list, their rows on other pages, and the form that pays back by line."""

from decimal import Decimal
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, FieldTextFilter, RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget
from unfold.widgets import UnfoldAdminTextInputWidget as Text

from config.admin_doors import Door, ReadOnlyDoor, ReadOnlyRows, actor, badge
from shop.crossborder.money import display as money
from shop.orders.admin import order_link
from shop.orders.models import Order, OrderLine
from shop.payments import refunding
from shop.payments.gateway import NotConfigured
from shop.payments.models import Refund, RefundLine
from shop.payments.refund_amounts import Part

LABELS = {Refund.State.PENDING: "info", Refund.State.SUCCEEDED: "success", Refund.State.FAILED: "danger"}
# What a person may give as a reason; the others are the machine's.
REASONS = (Refund.Reason.CANCELLED, Refund.Reason.WITHDRAWAL, Refund.Reason.RETURNED, Refund.Reason.GOODWILL)


class RefundRows(ReadOnlyRows):
    """Money that went back, or is going back."""

    model = Refund
    fields = readonly_fields = ["created_at", "state_label", "sum", "reason", "actor", "settled_at", "last_error"]
    verbose_name_plural = _("Refunds")
    show_change_link = True
    hide_title = False

    @display(description=_("State"))
    def state_label(self, refund: Refund) -> SafeString:
        return badge(LABELS[Refund.State(refund.state)], refund.get_state_display())

    @display(description=_("Amount"))
    def sum(self, refund: Refund) -> str:
        return money(refund.amount, refund.currency, "en")


class RefundLineRows(ReadOnlyRows):
    """What was paid back by line."""

    model = RefundLine
    fields = readonly_fields = ["sku", "quantity", "sum", "tax_share"]
    verbose_name_plural = _("Lines")

    @display(description="SKU")
    def sku(self, line: RefundLine) -> str:
        return line.order_line.sku

    @display(description=_("Amount"))
    def sum(self, line: RefundLine) -> str:
        return money(line.amount, line.refund.currency, "en")

    @display(description=_("Tax"))
    def tax_share(self, line: RefundLine) -> str:
        return money(line.tax, line.refund.currency, "en")


@admin.register(Refund)
class RefundAdmin(ReadOnlyDoor):
    """Money that goes back to buyers."""

    list_display = ["created_at", "order_number", "state_label", "sum", "reason", "actor", "settled_at"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("reason", ChoicesDropdownFilter),
        ("currency", FieldTextFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    list_select_related = ["order"]
    search_fields = ["order__number", "stripe_id", "payment__payment_intent"]
    search_help_text = _("Order number, refund or payment intent")
    inlines = [RefundLineRows]
    fieldsets = [
        (None, {"fields": [("order_page", "payment_page", "state_label", "sum"), ("reason", "actor"), "note"]}),
        (_("Parts"), {"fields": [("goods_part", "shipping_part", "duty_part", "fees_part", "tax_part", "other_part")]}),
        ("Stripe", {"fields": [("stripe_id", "attempts", "due_at"), "last_error"]}),
        (_("Dates"), {"fields": [("created_at", "settled_at")]}),
    ]
    readonly_fields = [
        "order_page",
        "payment_page",
        "state_label",
        "sum",
        "goods_part",
        "shipping_part",
        "duty_part",
        "fees_part",
        "tax_part",
        "other_part",
    ]

    @display(description=_("order"), ordering="order__number")
    def order_number(self, refund: Refund) -> str:
        return refund.order.number

    @display(description=_("order"))
    def order_page(self, refund: Refund) -> SafeString:
        return order_link(refund.order)

    @display(description=_("payment"))
    def payment_page(self, refund: Refund) -> SafeString:
        page = reverse("admin:shop_payment_change", args=[refund.payment_id])
        return format_html('<a class="text-link" href="{}">#{}</a>', page, refund.payment.attempt)

    @display(description=_("state"), ordering="state")
    def state_label(self, refund: Refund) -> SafeString:
        return badge(LABELS[Refund.State(refund.state)], refund.get_state_display())

    @display(description=_("amount"), ordering="amount")
    def sum(self, refund: Refund) -> str:
        return money(refund.amount, refund.currency, "en")

    @display(description=_("goods"))
    def goods_part(self, refund: Refund) -> str:
        return money(refund.goods, refund.currency, "en")

    @display(description=_("delivery"))
    def shipping_part(self, refund: Refund) -> str:
        return money(refund.shipping, refund.currency, "en")

    @display(description=_("duty"))
    def duty_part(self, refund: Refund) -> str:
        return money(refund.duty, refund.currency, "en")

    @display(description=_("fees"))
    def fees_part(self, refund: Refund) -> str:
        return money(refund.fees, refund.currency, "en")

    @display(description=_("tax on top"))
    def tax_part(self, refund: Refund) -> str:
        return money(refund.tax_on_top, refund.currency, "en")

    @display(description=_("for no part of the order"))
    def other_part(self, refund: Refund) -> str:
        return money(refund.other, refund.currency, "en")


class RefundForm(forms.Form):
    """Units by line, an amount for delivery, and why. ``cause_key`` makes a form pay back once."""

    cause_key = forms.UUIDField(widget=forms.HiddenInput)
    worked_out = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(one.value, one.label) for one in REASONS],
        widget=UnfoldAdminSelectWidget,
        help_text=_("Units that have not left are on sale again, unless the reason is goodwill or return."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=Text)

    def __init__(self, data: object = None, *, order: Order) -> None:
        super().__init__(data, initial={"cause_key": uuid4()})  # type: ignore[arg-type]
        self.rows: list[tuple[OrderLine, str]] = []
        for line in order.lines.all():
            name, left = f"units_{line.pk}", line.quantity - line.refunded
            self.fields[name] = forms.IntegerField(
                label=line.sku,
                required=False,
                min_value=0,
                max_value=left,
                disabled=not left,
                widget=UnfoldAdminIntegerFieldWidget(attrs={"placeholder": "0", "aria-label": line.sku}),
            )
            self.rows.append((line, name))
        most = refunding.shipping_left(order)
        self.fields["shipping"] = forms.DecimalField(
            label=_("Delivery"),
            required=False,
            min_value=0,
            max_value=most,
            max_digits=18,
            decimal_places=4,
            disabled=not most,
            widget=UnfoldAdminDecimalFieldWidget(attrs={"placeholder": "0"}),
            help_text=_("At most %(most)s.") % {"most": money(most, order.currency, "en")},
        )

    @property
    def lines(self) -> dict[int, int]:
        """Order line id → units, of a valid form."""
        return {line.pk: self.cleaned_data[name] for line, name in self.rows if self.cleaned_data[name]}

    @property
    def shipping(self) -> Decimal:
        """The amount for delivery, of a valid form."""
        return self.cleaned_data["shipping"] or Decimal(0)


class RefundByLine(Door):
    """Adds the form to the order's page: it shows what will be paid back before it is sent."""

    def has_refund_permission(self, request: HttpRequest, _obj: object = None) -> bool:
        """Whoever may pay money back."""
        return bool(request.user.has_perm("shop.send_refund"))

    @action(description=_("Refund by line"), url_path="refund-by-line", icon="undo", permissions=["refund"])
    def refund_lines(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the form, what it comes to, and send it: once for each form."""
        order: Order = self.row_or_404(request, object_id)
        page = reverse("admin:shop_order_change", args=[order.pk])
        if request.method != "POST":
            if not order.payments.filter(charged__isnull=False).exists():
                messages.error(request, _("Order %(number)s was not paid through Stripe.") % {"number": order.number})
                return redirect(page)
            return self._form(request, order, RefundForm(order=order))
        form = RefundForm(request.POST, order=order)
        if not form.is_valid():
            return self._form(request, order, form)
        try:
            part = refunding.worked_out(order_id=order.pk, lines=form.lines, shipping=form.shipping)
            if form.cleaned_data["worked_out"] != str(part.total):
                return self._form(request, order, form, part)
            sent = refunding.refund(
                order_id=order.pk,
                lines=form.lines,
                shipping=form.shipping,
                reason=form.cleaned_data["reason"],
                cause_key=f"desk:{form.cleaned_data['cause_key']}",
                actor=actor(request),
                note=form.cleaned_data["note"],
            )
        except (refunding.NotRefundable, NotConfigured) as error:
            form.add_error(None, str(error))
            return self._form(request, order, form)
        self._tell(request, sent)
        return redirect(page)

    @staticmethod
    def _tell(request: HttpRequest, sent: Refund) -> None:
        facts = {"sum": money(sent.amount, sent.currency, "en"), "said": sent.last_error}
        if sent.state == Refund.State.FAILED:
            messages.error(request, _("Stripe did not pay back: %(said)s") % facts)
        elif sent.state == Refund.State.PENDING:
            messages.success(request, _("%(sum)s are on their way; Stripe has not confirmed it yet.") % facts)
        else:
            messages.success(request, _("%(sum)s were paid back.") % facts)

    def _form(self, request: HttpRequest, order: Order, form: RefundForm, part: Part | None = None) -> HttpResponse:
        def sum_of(amount: Decimal) -> str:
            return money(amount, order.currency, "en")

        table = [
            {
                "sku": line.sku,
                "name": ", ".join(filter(None, (line.name, line.option))),
                "sold": line.quantity,
                "left": line.quantity - line.refunded,
                "amount": sum_of(line.amount),
                "field": form[name],
            }
            for line, name in form.rows
        ]
        parts: list[tuple[object, str]] = []
        if part:
            shown = [
                (_("Goods"), part.goods),
                (_("Delivery"), part.shipping),
                (_("Duty"), part.duty),
                (_("Fees"), part.fees),
                (_("Tax on top"), part.tax_on_top),
            ]
            parts = [(name, sum_of(amount)) for name, amount in shown if amount]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Refund by line"),
            "subtitle": order.number,
            "opts": self.opts,
            "original": order,
            "form": form,
            "table": table,
            "parts": parts,
            "total": sum_of(part.total) if part else "",
            "worked_out": str(part.total) if part else "",
        }
        return render(request, "admin/payments/refund.html", context)
