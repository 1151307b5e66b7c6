"""Form fields for what the columns of the rule book hold: lists of codes, rates and amounts."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

LONGEST = 1_000  # characters of a list
PERCENT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*%\s*")


class CodesField(forms.Field):
    """Several codes in one line, separated by commas, semicolons or spaces; a list of text."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> str:
        return ", ".join(value) if isinstance(value, (list, tuple)) else str(value or "")

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, (list, tuple)):
            return list(value)
        text = str(value or "")
        if len(text) > LONGEST:
            raise ValidationError(_("This list is too long."))
        return list(dict.fromkeys(part for part in re.split(r"[\s,;]+", text) if part))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != list(initial or [])


class NumberField(forms.DecimalField):
    """A number, shown without idle zeros."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) and value.is_finite() else value


class FractionField(NumberField):
    """A rate as a fraction; per cent may be typed too, e.g. ``20 %`` for 0.2."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and (found := PERCENT.fullmatch(value)):
            return super().to_python(str(Decimal(found[1]) / 100))
        return super().to_python(value)

    def validate(self, value: Any) -> None:
        """Tell what is meant where per cent were typed without their sign, before digits are counted."""
        super().validate(value)
        if value is not None and value >= 10:
            raise ValidationError(_("This is a fraction or per cent: 0.2 or 20 %."))
