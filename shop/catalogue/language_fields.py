"""A text in every language of the shop as one field each, kept as language → text."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

LANGUAGES = [(code, str(name)) for code, name in settings.LANGUAGES]


class LanguagesWidget(forms.MultiWidget):
    """One labelled input for each language."""

    template_name = "shop/catalogue/languages.html"

    def __init__(self, *, long: bool = False, attrs: dict[str, Any] | None = None) -> None:
        make = UnfoldAdminTextareaWidget if long else UnfoldAdminTextInputWidget
        size = {"rows": 2} if long else {}
        self.codes = [code for code, _name in LANGUAGES]
        super().__init__(
            {code: make(attrs={"lang": code, "aria-label": name, **size}) for code, name in LANGUAGES}, attrs
        )

    def decompress(self, value: Any) -> list[str]:
        """Return the texts in the order of the inputs."""
        known = value if isinstance(value, Mapping) else {}
        return [str(known.get(code, "")) for code in self.codes]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, (_code, language) in zip(context["widget"]["subwidgets"], LANGUAGES, strict=True):
            part["language"] = language
        return context


class LanguagesField(forms.MultiValueField):
    """Language → text; those left empty are not kept. ``english`` asks for English where anything is said at all."""

    def __init__(self, *, max_length: int = 200, long: bool = False, english: bool = True, **kwargs: Any) -> None:
        self.english = english
        parts = [forms.CharField(required=False, max_length=max_length) for _language in LANGUAGES]
        kwargs.setdefault("widget", LanguagesWidget(long=long))
        super().__init__(fields=parts, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str] | None) -> dict[str, str]:
        """Return what was written; a language that is not the shop's is not asked for and is kept by nobody."""
        given = data_list or []
        texts = {code: text for (code, _name), text in zip(LANGUAGES, given, strict=False) if text}
        if texts and self.english and "en" not in texts:
            raise ValidationError(_("Write it in English too: English stands in where a language is missing."))
        return texts

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what would be kept, so that an empty language is no change."""
        if self.disabled:
            return False
        before = {code: str(text) for code, text in (initial or {}).items() if text}
        after = {code: str(text).strip() for (code, _name), text in zip(LANGUAGES, data or [], strict=False) if text}
        return {code: text for code, text in after.items() if text} != before
