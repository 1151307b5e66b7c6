"""A product's words side by side: English, and the language they are written in beside it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from shop.catalogue.language_fields import LANGUAGES
from shop.catalogue.models import Product, ProductText

SOURCE = "en"
LONG = {"description": 8, "warnings": 4}  # rows
FIELDS = ("name", "description", "material", "care", "warnings", "seo_title", "seo_description")
# What search engines show of a title and of a description before they cut it, about.
GOOD_LENGTH = {"seo_title": 60, "seo_description": 155}


class TranslationForm(forms.ModelForm):
    """A product's words in one language."""

    class Meta:
        model = ProductText
        fields = list(FIELDS)
        widgets = {
            name: UnfoldAdminTextareaWidget(attrs={"rows": LONG[name]})
            if name in LONG
            else UnfoldAdminTextInputWidget(attrs={"class": "max-w-none"})
            for name in FIELDS
        }


class TranslatingPages:
    """Adds the page “Translate” to products."""

    @action(description=_("Translate"), url_path="translate", icon="translate", permissions=["act"])
    def translate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show English beside the language, and take what is written."""
        product: Product = self.row_or_404(request, object_id)  # type: ignore[attr-defined]
        texts = {text.language: text for text in ProductText.objects.filter(product=product)}
        language = request.GET.get("language", "")
        if language not in dict(LANGUAGES):
            missing = [code for code, _name in LANGUAGES if code != SOURCE and code not in texts]
            language = missing[0] if missing else next(code for code, _name in LANGUAGES if code != SOURCE)
        text = texts.get(language) or ProductText(product=product, language=language)
        form = TranslationForm(request.POST if request.method == "POST" else None, instance=text)
        if form.is_bound and form.is_valid():
            form.save()
            messages.success(request, _("Saved in %(language)s.") % {"language": dict(LANGUAGES)[language]})
            return redirect(f"{request.path}?language={language}")
        source = texts.get(SOURCE)
        for name in FIELDS:
            form.fields[name].widget.attrs["lang"] = language
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Translate %(product)s") % {"product": source.name if source else product.slug},
            "opts": self.opts,  # type: ignore[attr-defined]
            "form": form,
            "language": language,
            "languages": [(code, name, code in texts) for code, name in LANGUAGES],
            "rows": [_row(form[name], source, name) for name in FIELDS],
            "back": reverse("admin:shop_product_change", args=[product.pk]),
        }
        return TemplateResponse(request, "admin/shop/product/translate.html", context)


def _row(field: Any, source: ProductText | None, name: str) -> dict[str, Any]:
    said = getattr(source, name) if source else ""
    return {
        "field": field,
        "source": said,
        "good": GOOD_LENGTH.get(name),
        "most": field.field.max_length if name in GOOD_LENGTH else None,
        "value": str(field.value() or ""),
    }
