"""What every form of the shop says of its fields: the words of a mistake, and which text describes which field."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext


def mark(form: forms.Form, missing: Mapping[str, str] | None = None) -> None:
    """Give the fields the shop's words for what is missing, and tie hints and mistakes to them for screen readers.

    ``missing`` has other words for some of them, by field.
    """
    for field in form.fields.values():
        field.error_messages |= {
            "required": gettext("Please fill this in."),
            "invalid_choice": gettext("Please choose one of the list."),
        }
    for name, words in (missing or {}).items():
        form.fields[name].error_messages["required"] = words
    for name, field in form.fields.items():
        described = [f"id_{name}_hint"] if field.help_text else []
        if form.is_bound and name in form.errors:
            field.widget.attrs["aria-invalid"] = "true"
            described.append(f"id_{name}_error")
        if described:
            field.widget.attrs["aria-describedby"] = " ".join(described)
