"""The forms of the rights pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.admin_doors import WholeConstraintsForm
from licensing.rights.models import AgreementVersion, Grant, everything

SIGNED = _("This version is signed: it and its grants stand as they were signed. Make a new version.")


class GrantForm(WholeConstraintsForm):
    """What a draft version grants; ``*`` means all."""

    class Meta:
        model = Grant
        fields = [
            "version",
            "prop",
            "territories",
            "excluded_territories",
            "channels",
            "categories",
            "languages",
            "term",
            "exclusivity",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "languages" in self.fields:  # not where the page only shows the grant
            self.fields["languages"].required = False

    def clean_languages(self) -> list[str]:
        """Without a language, every language is meant."""
        return self.cleaned_data["languages"] or everything()

    def clean_version(self) -> AgreementVersion:
        """Refuse a version that is signed."""
        version: AgreementVersion = self.cleaned_data["version"]
        # As it stands in the database: the page may be about to write the grants and then sign.
        if AgreementVersion.objects.filter(pk=version.pk, signed_at__isnull=False).exists():
            raise forms.ValidationError(SIGNED)
        return version

    def clean(self) -> dict[str, Any] | None:
        """The licensee of the grant is the licensee of its version."""
        version = self.cleaned_data.get("version")
        if version:
            self.instance.partner_id = version.partner_id
        return super().clean()
