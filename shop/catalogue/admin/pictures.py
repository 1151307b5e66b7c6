"""A product's pictures on its page: uploads that are checked, alternative texts by language, and how far they are."""

from typing import Any

from django import forms
from django.db.models import Max
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from config.admin_doors import Rows, badge
from shop.catalogue import preparing
from shop.catalogue.language_fields import LanguagesField
from shop.catalogue.models import ProductImage
from shop.catalogue.models.preparing import Preparing
from shop.catalogue.picture_field import KeptPicture, PictureField


def preparing_state(name: str, row: Preparing) -> SafeString | str:
    """Return how far a picture is."""
    if not name:
        return "–"
    if name.lower().endswith(".svg"):
        return badge("success", _("drawing"))
    if row.prepared_at:
        return badge("success", _("ready"))
    if row.problem:
        return format_html('{}<span class="block text-base-500">{}</span>', badge("danger", _("failed")), row.problem)
    return badge("info", _("waits for the worker"))


class PictureForm(forms.ModelForm):
    """A picture by its content. Its size is read from it; without a position it is put last."""

    file = PictureField(label=_("File"))
    position = forms.IntegerField(
        label=_("Position"),
        required=False,
        min_value=0,
        max_value=32_767,
        help_text=_("Empty: the last."),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    alt = LanguagesField(label=_("Alternative text"), max_length=300, required=False)

    class Meta:
        model = ProductImage
        fields = ["file", "position", "alt"]

    def clean_position(self) -> int | None:
        """Leave the position of a picture as it is where none is named."""
        given: int | None = self.cleaned_data["position"]
        return self.instance.position if given is None and self.instance.pk else given

    def save(self, commit: bool = True) -> ProductImage:  # noqa: FBT001, FBT002 (Django's own signature)
        """Keep the size with the file, and have a new file prepared."""
        picture: ProductImage = super().save(commit=False)
        file = self.cleaned_data.get("file")
        if isinstance(file, KeptPicture):
            picture.width, picture.height = file.width, file.height
        position: int | None = picture.position
        if position is None:  # the form leaves it empty
            last = ProductImage.objects.filter(product=picture.product).aggregate(last=Max("position"))["last"]
            picture.position = 0 if last is None else last + 1
        exchanged = picture.pk is not None and isinstance(file, KeptPicture)
        if commit:
            picture.save()
            if exchanged:
                preparing.again(model=ProductImage, ids=[picture.pk])
        return picture


class PictureRows(Rows):
    """A product's pictures."""

    model = ProductImage
    form = PictureForm
    tab = True
    fields = ["shown", "file", "position", "alt", "state"]
    readonly_fields = ["shown", "state"]
    verbose_name = _("picture")
    verbose_name_plural = _("Pictures")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """A picture that was put there by mistake may go; its files follow a day later."""
        return bool(request.user.has_perm("shop.change_productimage"))

    @display(description=_("picture"))
    def shown(self, picture: ProductImage) -> SafeString | str:
        """Show it small; the smallest rendition where there is one."""
        if not picture.file:
            return "–"
        small = picture.renditions.filter(format="webp").order_by("width").first() if picture.pk else None
        return format_html(
            '<img class="admin-picture" src="{}" alt="" width="96" height="96" loading="lazy">',
            (small or picture).file.url,
        )

    @display(description=_("state"))
    def state(self, picture: ProductImage) -> SafeString | str:
        return preparing_state(str(picture.file or ""), picture) if picture.pk else "–"
