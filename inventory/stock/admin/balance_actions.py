"""What the list of stock and the page of a balance do: each asks in a dialogue, says why, and is safe to repeat."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.dataclasses import ActionDialog
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import Door, actor, ask_again, done, question
from inventory.stock import actions, forms
from inventory.stock.actions import Condition
from inventory.stock.admin.looks import ledger
from inventory.stock.admin.rights import StockRights
from inventory.stock.errors import ClaimExceeded, StockError
from inventory.stock.models import Balance

RECEIVE = question(
    _("Receive units"), _("Units that have arrived at this warehouse."), submit=_("Receive"), form=forms.ReceiveForm
)
CORRECT = question(
    _("Correct count"), _("Put right what a count of the shelf has shown."), submit=_("Correct"), form=forms.CorrectForm
)
MOVE = question(
    _("Send to another warehouse"),
    _("The units leave this shelf now and are on the way until somebody receives them."),
    submit=_("Send"),
    form=forms.MoveForm,
)
QUARANTINE = question(
    _("Move to quarantine"),
    _("The units stay here but are off sale until somebody clears them."),
    submit=_("Quarantine"),
    form=forms.QuarantineForm,
)
CLEAR = question(
    _("Clear for sale"), _("Quarantined units passed and go back on sale."), submit=_("Clear"), form=forms.ClearForm
)
DAMAGE = question(
    _("Mark damaged"),
    _("The units stay in the books but will not be sold."),
    submit=_("Mark damaged"),
    form=forms.DamageForm,
)
WRITE_OFF = question(
    _("Write off"), _("The units leave the books for good."), submit=_("Write off"), form=forms.WriteOffForm
)
SET_ASIDE = question(
    _("Set aside"),
    _("Only who names the purpose can sell these units; give them back under ring-fences."),
    submit=_("Set aside"),
    form=forms.SetAsideForm,
)
TOO_MANY = {
    Condition.INSPECT: _("Not so many units are quarantined here."),
    Condition.DAMAGED: _("Not so many damaged units lie here."),
}


class GoodsActions(StockRights, Door):
    """The actions on one balance."""

    def _carry_out(
        self,
        request: HttpRequest,
        form: BaseDialogForm,
        object_id: str,
        *,
        dialog: ActionDialog,
        verb: Callable[[Balance], Any],
        field: str = "quantity",
        found: Condition = Condition.FIT,
    ) -> HttpResponse:
        """Do it and say so; what stock refuses is an error of the form, which keeps what was typed."""
        balance = self.row_or_404(request, object_id)
        try:
            sentence = verb(balance)
        except ClaimExceeded as error:
            form.add_error(field, TOO_MANY.get(found, str(error)))
            return ask_again(request, form, dialog)
        except StockError as error:
            form.add_error(field, str(error))
            return ask_again(request, form, dialog)
        messages.success(request, sentence)
        return done(request, Balance, object_id)

    @staticmethod
    def _facts(request: HttpRequest, form: Any, balance: Balance) -> dict[str, Any]:
        """Return what every verb on goods is told."""
        return {
            "item": balance.item,
            "warehouse": balance.warehouse,
            "cause": form.cleaned_data["cause"],
            "cause_key": form.key,
            "actor": actor(request),
        }

    @action(
        description=_("Receive units"),
        url_path="receive-units",
        icon="add_box",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=RECEIVE,
    )
    def receive_units(self, request: HttpRequest, form: forms.ReceiveForm, object_id: str) -> HttpResponse:
        """Add units that have arrived, once for each form."""

        def verb(balance: Balance) -> str:
            asked = form.cleaned_data
            now = actions.receive(
                **self._facts(request, form, balance),
                quantity=asked["quantity"],
                lot_number=asked["lot_number"],
                produced_on=asked["produced_on"],
                condition=asked["condition"],
            )
            return _("Received; %(units)d units on hand.") % {"units": now.on_hand}

        field = "lot_number" if form.cleaned_data["lot_number"] else "quantity"
        return self._carry_out(request, form, object_id, dialog=RECEIVE, verb=verb, field=field)

    @action(description=_("Correct count"), url_path="correct-count", icon="rule", permissions=["act"], dialog=CORRECT)
    def correct_count(self, request: HttpRequest, form: forms.CorrectForm, object_id: str) -> HttpResponse:
        """Correct what is on hand after a count, once for each form."""

        def verb(balance: Balance) -> str:
            now = actions.correct(**self._facts(request, form, balance), delta=form.cleaned_data["delta"])
            return _("Corrected; %(units)d units on hand.") % {"units": now.on_hand}

        return self._carry_out(request, form, object_id, dialog=CORRECT, verb=verb, field="delta")

    @action(
        description=_("Send elsewhere"), url_path="send-elsewhere", icon="move_down", permissions=["act"], dialog=MOVE
    )
    def send_elsewhere(self, request: HttpRequest, form: forms.MoveForm, object_id: str) -> HttpResponse:
        """Send units of this balance to another warehouse."""

        def verb(balance: Balance) -> str:
            transfer = actions.send_transfer(
                source=balance.warehouse,
                destination=form.cleaned_data["destination"],
                lines={balance.item_id: form.cleaned_data["quantity"]},
                cause_key=form.key,
                note=form.cleaned_data["cause"],
                actor=actor(request),
            )
            return _("On the way as transfer %(transfer)s.") % {"transfer": transfer}

        return self._carry_out(request, form, object_id, dialog=MOVE, verb=verb)

    @action(
        description=_("Move to quarantine"),
        url_path="quarantine",
        icon="search_insights",
        permissions=["act"],
        dialog=QUARANTINE,
    )
    def quarantine_units(self, request: HttpRequest, form: forms.QuarantineForm, object_id: str) -> HttpResponse:
        """Take units off sale until they are inspected."""

        def verb(balance: Balance) -> str:
            now = actions.quarantine(**self._facts(request, form, balance), quantity=form.cleaned_data["quantity"])
            return _("Off sale; %(units)d in quarantine.") % {"units": now.quarantined}

        return self._carry_out(request, form, object_id, dialog=QUARANTINE, verb=verb)

    @action(description=_("Clear for sale"), url_path="clear", icon="check_circle", permissions=["act"], dialog=CLEAR)
    def clear_units(self, request: HttpRequest, form: forms.ClearForm, object_id: str) -> HttpResponse:
        """Put quarantined units back on sale."""

        def verb(balance: Balance) -> str:
            now = actions.clear(**self._facts(request, form, balance), quantity=form.cleaned_data["quantity"])
            return _("Cleared; %(units)d units on hand.") % {"units": now.on_hand}

        return self._carry_out(request, form, object_id, dialog=CLEAR, verb=verb, found=Condition.INSPECT)

    @action(description=_("Mark damaged"), url_path="damage", icon="broken_image", permissions=["act"], dialog=DAMAGE)
    def mark_damaged(self, request: HttpRequest, form: forms.DamageForm, object_id: str) -> HttpResponse:
        """Take units that cannot be sold any more off sale."""
        found = form.cleaned_data["found"]

        def verb(balance: Balance) -> str:
            asked = form.cleaned_data
            now = actions.damage(**self._facts(request, form, balance), quantity=asked["quantity"], found=found)
            return _("Marked; %(units)d damaged here.") % {"units": now.damaged}

        return self._carry_out(request, form, object_id, dialog=DAMAGE, verb=verb, found=found)

    @action(
        description=_("Write off"),
        url_path="write-off",
        icon="delete_forever",
        permissions=["act", "manage"],
        variant=ActionVariant.DANGER,
        dialog=WRITE_OFF,
    )
    def write_off_units(self, request: HttpRequest, form: forms.WriteOffForm, object_id: str) -> HttpResponse:
        """Take units out of the books."""
        found = form.cleaned_data["found"]

        def verb(balance: Balance) -> str:
            asked = form.cleaned_data
            actions.write_off(**self._facts(request, form, balance), quantity=asked["quantity"], found=found)
            return _("Written off: %(units)d.") % {"units": asked["quantity"]}

        return self._carry_out(request, form, object_id, dialog=WRITE_OFF, verb=verb, found=found)

    @action(
        description=_("Set aside"), url_path="set-aside", icon="fence", permissions=["act", "manage"], dialog=SET_ASIDE
    )
    def set_units_aside(self, request: HttpRequest, form: forms.SetAsideForm, object_id: str) -> HttpResponse:
        """Set units aside for a purpose."""

        def verb(balance: Balance) -> str:
            fence = actions.set_aside(
                item=balance.item,
                warehouse=balance.warehouse,
                quantity=form.cleaned_data["quantity"],
                purpose=form.cleaned_data["purpose"],
                cause_key=form.key,
                actor=actor(request),
            )
            return _("Set aside for %(purpose)s: %(units)d.") % {
                "units": fence.remaining,
                "purpose": fence.purpose,
            }

        return self._carry_out(request, form, object_id, dialog=SET_ASIDE, verb=verb)

    @action(description=_("Ledger"), url_path="ledger", icon="swap_vert", permissions=["ledger"])
    def open_ledger(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the movements of this balance."""
        return redirect(ledger(balance=self.row_or_404(request, object_id).pk))
