"""What the dialogues on lots ask."""

from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm

from inventory.stock.forms.causes import text_field


class RecallForm(BaseDialogForm):
    """Why a lot is recalled. No key: a second recall only quarantines what has come free since."""

    reason = text_field(
        _("Reason"), 200, help_text=_("What people will ask about, e.g. loose clasp, maker’s notice 12.")
    )
