"""The pages of themes and exhibitions: words, goods in their order, objects, and a picture."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from config.admin_doors import Blocks, Door, Rows, WholeConstraintsForm, badge
from shop.catalogue import preparing
from shop.catalogue.admin.pictures import preparing_state
from shop.catalogue.models import Theme, ThemeProduct, ThemeText
from shop.catalogue.picture_field import KeptPicture, PictureField


class ThemeForm(WholeConstraintsForm):
    """A theme; an exhibition has its place and its days."""

    picture = PictureField(required=False, large=True)

    class Meta:
        model = Theme
        fields = [
            "slug", "kind", "museum", "opens_on", "closes_on", "published", "sort_order", "objects_shown", "picture"
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Keep the picture's size with it."""
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        if "picture" in self.changed_data:
            picture = entered.get("picture")
            kept = isinstance(picture, KeptPicture)
            self.instance.picture_width = picture.width if kept else None  # type: ignore[union-attr] # a KeptPicture
            self.instance.picture_height = picture.height if kept else None  # type: ignore[union-attr]
        return entered


class ThemeTextBlocks(Blocks):
    """A theme's words, one block a language."""

    model = ThemeText
    tab = True
    fields = ["language", "name", "introduction"]
    verbose_name_plural = _("Texts")


class ThemeProductRows(Rows):
    """A theme's goods; they are shown by their position, and dragged to another."""

    model = ThemeProduct
    tab = True
    autocomplete_fields = ["product"]
    fields = ["product", "position"]
    ordering_field = "position"
    hide_ordering_field = False
    verbose_name_plural = _("Products in order")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("product")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Taking a product out of a theme deletes nothing that is sold."""
        return bool(request.user.has_perm("shop.change_theme"))


@admin.register(Theme)
class ThemeAdmin(Door):
    """Themes of the collection, and exhibitions."""

    form = ThemeForm
    list_display = ["name", "slug", "kind", "museum", "days_shown", "state", "goods", "picture_state"]
    list_display_links = ["name", "slug"]
    list_filter = [
        ("kind", ChoicesDropdownFilter),
        ("published", BooleanRadioFilter),
        ("museum", RelatedDropdownFilter),
    ]
    list_select_related = ["museum"]
    search_fields = ["slug", "texts__name"]
    search_help_text = _("Name")
    autocomplete_fields = ["museum", "objects_shown"]
    inlines = [ThemeTextBlocks, ThemeProductRows]
    fieldsets = [
        (None, {"fields": [("slug", "kind"), ("museum", "opens_on", "closes_on"), ("published", "sort_order")]}),
        (_("Objects"), {"fields": ["objects_shown"]}),
        (_("Picture"), {"fields": ["picture", "picture_state"]}),
    ]
    readonly_fields = ["picture_state"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        english = ThemeText.objects.filter(theme=OuterRef("pk"), language="en").values("name")[:1]
        counted = super().get_queryset(request).annotate(products_n=Count("places", distinct=True))
        rows: QuerySet = counted.annotate(english=Subquery(english))
        return rows

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        """Have a new picture prepared."""
        super().save_model(request, obj, form, change)
        if change and "picture" in form.changed_data:
            Theme.objects.filter(pk=obj.pk).update(picture_width=obj.picture_width, picture_height=obj.picture_height)
            preparing.again(model=Theme, ids=[obj.pk])

    @display(description=_("name"), ordering="english")
    def name(self, theme: Any) -> str:
        return theme.english or theme.slug  # type: ignore[no-any-return]

    @display(description=_("days"), ordering="opens_on")
    def days_shown(self, theme: Theme) -> str:
        if theme.opens_on is None and theme.closes_on is None:
            return str(_("always"))
        return f"{theme.opens_on or '…'} – {theme.closes_on or '…'}"

    @display(description=_("state"))
    def state(self, theme: Theme) -> SafeString:
        today = timezone.localdate()
        if not theme.published:
            return badge("", _("hidden"))
        if theme.closes_on and theme.closes_on < today:
            return badge("warning", _("over"))
        if theme.opens_on and theme.opens_on > today:
            return badge("info", _("announced"))
        return badge("success", _("shown"))

    @display(description=_("products"), ordering="products_n")
    def goods(self, theme: Any) -> int:
        return int(theme.products_n)

    @display(description=_("picture"))
    def picture_state(self, theme: Theme) -> SafeString | str:
        return preparing_state(str(theme.picture or ""), theme)
