"""The forms of the stock pages. Quantities are whole units."""

from inventory.stock.forms.causes import CausedForm, KeyedForm
from inventory.stock.forms.fences import GiveBackForm, NewFenceForm
from inventory.stock.forms.goods import (
    ClearForm,
    CorrectForm,
    DamageForm,
    MoveForm,
    QuarantineForm,
    ReceiveForm,
    SetAsideForm,
    WriteOffForm,
)
from inventory.stock.forms.lots import RecallForm
from inventory.stock.forms.rows import BalanceForm, ComponentForm, ComponentFormSet
from inventory.stock.forms.transfers import (
    ArrivalForm,
    ReceiveAllForm,
    SendForm,
    SendLineForm,
    SendLineFormSet,
    ShortForm,
)

__all__ = [
    "ArrivalForm",
    "BalanceForm",
    "CausedForm",
    "ClearForm",
    "ComponentForm",
    "ComponentFormSet",
    "CorrectForm",
    "DamageForm",
    "GiveBackForm",
    "KeyedForm",
    "MoveForm",
    "NewFenceForm",
    "QuarantineForm",
    "RecallForm",
    "ReceiveAllForm",
    "ReceiveForm",
    "SendForm",
    "SendLineForm",
    "SendLineFormSet",
    "SetAsideForm",
    "ShortForm",
    "WriteOffForm",
]
