"""The letters to people: what was sent, what waits, and what could not be sent."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, FieldTextFilter, RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import LongReadOnlyDoor, attempt, badge, done, question
from shop.alerts import rendering, sending
from shop.alerts.letters import KINDS
from shop.alerts.models import Mail

STATE_LABELS = {
    Mail.State.WAITING: "info",
    Mail.State.SENDING: "info",
    Mail.State.SENT: "success",
    Mail.State.FAILED: "danger",
}
AGAIN = question(
    _("Send"),
    _("The letter goes out as it is shown below, to the same person. What was sent is sent again."),
    submit=_("Send"),
)


@admin.register(Mail)
class MailAdmin(LongReadOnlyDoor):
    """The letters, the newest first; a letter's page shows it as it went out, or as it would."""

    list_display = ["written_at", "kind_label", "recipient", "language", "state_label", "attempts", "trouble"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("kind", FieldTextFilter),
        ("language", FieldTextFilter),
        ("written_at", RangeDateTimeFilter),
    ]
    search_fields = ["recipient", "key"]
    search_help_text = _("Address or cause")
    fieldsets = [
        (None, {"fields": [("kind_label", "state_label", "language"), ("recipient", "key")]}),
        (_("Sending"), {"fields": [("written_at", "sent_at", "due_at"), ("attempts", "last_error")]}),
        (_("Letter"), {"fields": ["subject_line", "letter", "plain"]}),
    ]
    readonly_fields = ["kind_label", "state_label", "subject_line", "letter", "plain"]
    actions_detail = actions_row = ["again"]

    @display(description=_("kind"), ordering="kind")
    def kind_label(self, mail: Mail) -> str:
        return mail.kind_text

    @display(description=_("state"), ordering="state")
    def state_label(self, mail: Mail) -> SafeString:
        return badge(STATE_LABELS[Mail.State(mail.state)], mail.get_state_display())

    @display(description=_("last error"))
    def trouble(self, mail: Mail) -> str:
        return f"{mail.last_error[:80]}…" if len(mail.last_error) > 80 else mail.last_error or "–"

    @staticmethod
    def _written(mail: Mail) -> rendering.Written:
        # Whoever read a code or a link of hers could become her.
        if mail.kind not in KINDS or KINDS[mail.kind].secret:
            hidden = str(_("Not shown: this letter holds a code or a link for its recipient alone."))
            return rendering.Written(subject="–", text=hidden, html=escape(hidden))
        if mail.html:
            return rendering.Written(subject=mail.subject, text=mail.text, html=mail.html)
        return rendering.render(mail)

    @display(description=_("subject"))
    def subject_line(self, mail: Mail) -> str:
        return self._written(mail).subject

    @display(description=_("as HTML"))
    def letter(self, mail: Mail) -> SafeString:
        # Sandboxed without any permission: nothing in a letter can act in the admin.
        return format_html(
            '<iframe sandbox title="{}" srcdoc="{}" style="width:100%;height:46rem;border:0"></iframe>',
            _("The letter as HTML"),
            self._written(mail).html,
        )

    @display(description=_("as text"))
    def plain(self, mail: Mail) -> SafeString:
        return format_html('<pre style="white-space:pre-wrap">{}</pre>', self._written(mail).text)

    @action(
        description=_("Send now"),
        url_path="send-now",
        icon="send",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=AGAIN,
    )
    def again(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Send it now: for the first time, or again."""
        mail = self.row_or_404(request, object_id)

        def verb() -> str:
            sending.again(mail_id=mail.pk)
            return str(_("The letter to %(recipient)s is on its way.") % {"recipient": mail.recipient})

        attempt(request, verb, refusals=())
        return done(request, Mail, object_id)
