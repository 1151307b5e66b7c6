"""A form field that takes pictures: what it gives is never the file that was sent, but a picture written anew."""

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminImageFieldWidget

from shop.catalogue.picture_intake import MAX_BYTES, MAX_PIXELS, Accepted, PictureRefused, accept

ACCEPT = "image/jpeg,image/png,image/webp,image/avif"
HELP = _("JPEG, PNG, WebP or AVIF, at most %(bytes)d MB and %(pixels)d million pixels.") % {
    "bytes": MAX_BYTES // 1024 // 1024,
    "pixels": MAX_PIXELS // 1_000_000,
}


class KeptPicture(SimpleUploadedFile):
    """A picture that was let in, with its size in pixels. Its name carries the digest of its content."""

    def __init__(self, name: str, accepted: Accepted) -> None:
        stem = slugify(PurePosixPath(name).stem)[:60] or "picture"
        super().__init__(f"{stem}-{accepted.digest}.{accepted.extension}", accepted.data)
        self.width, self.height = accepted.width, accepted.height


class PictureField(forms.FileField):
    """A picture by its content, not by its name; anything else is an error of the form."""

    widget = UnfoldAdminFileFieldWidget

    def __init__(self, *, large: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", HELP)
        kwargs.setdefault(
            "widget", (UnfoldAdminImageFieldWidget if large else UnfoldAdminFileFieldWidget)(attrs={"accept": ACCEPT})
        )
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the picture as it is kept, what stands there if nothing was sent, or False if it is to go."""
        given = super().clean(data, initial)
        if not isinstance(given, UploadedFile) or isinstance(given, KeptPicture):
            return given
        try:
            given.seek(0)
            return KeptPicture(given.name or "", accept(given, size=given.size or 0))  # type: ignore[arg-type]
        except PictureRefused as error:
            raise ValidationError(str(error)) from error
