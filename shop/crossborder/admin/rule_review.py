"""The page Rule book, where everything about it comes together, and its published versions."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from config.admin_doors import ReadOnlyDoor, actor
from shop.crossborder.admin import rule_diff as diffs
from shop.crossborder.admin import rule_looks as looks
from shop.crossborder.admin.rule_concerns import by_jurisdiction, figures
from shop.crossborder.models import RuleSet
from shop.crossborder.rulebook import actions
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.changes import WITHIN, diff
from shop.crossborder.rulebook.entries import RowFault
from shop.crossborder.rulebook.reviewing import Review, review, tally
from shop.crossborder.rulebook.tables import working_book

SHOWN = 25  # changes on the page Rule book; the comparison has all of them
PER_PAGE = 50
TABLES = "tables"  # in the comparison: the rows as they stand, published or not
REVIEW, COMPARE, PUBLISH, VERSIONS = (
    f"admin:shop_ruleset_{name}" for name in ("review", "compare", "publish", "changelist")
)


class PublishForm(forms.Form):
    """Why a version is made, and what was looked at."""

    reviewed = forms.CharField(max_length=64, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"),
        max_length=250,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("What this version changes and why; it stays with the version."),
    )


class CompareForm(forms.Form):
    """Two versions."""

    def __init__(self, versions: list[RuleSet], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [
            (str(one.version), f"{one} · {timezone.localtime(one.frozen_at):%Y-%m-%d %H:%M} · {one.frozen_by}")
            for one in versions
        ]
        choices = [(TABLES, _("Rows as they stand, not published")), *known]
        for name, label in (("old", _("From")), ("new", _("To"))):
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, widget=UnfoldAdminSelectWidget)


@admin.register(RuleSet)
class RuleSetAdmin(ReadOnlyDoor):
    """Published versions, never changed; beside them the review of what is next."""

    list_display = ["title", "frozen_at", "frozen_by", "note", "fingerprint"]
    search_fields = ["note", "frozen_by", "digest"]
    search_help_text = _("Note, name or digest")
    fields = [("title", "frozen_at"), ("frozen_by", "note"), "digest", "rows_in_it", "what_changed"]
    readonly_fields = ["title", "rows_in_it", "what_changed"]
    actions = None

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """The review, the comparison, and where a version is made."""
        return (
            ("review/", "shop_ruleset_review", self._review),
            ("compare/", "shop_ruleset_compare", self._compare),
            ("publish/", "shop_ruleset_publish", require_POST(self._publish)),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Leave the content where it is, except for a version's own page."""
        return super().get_queryset(request).defer("content")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whoever may let other rules hold for every quote."""
        return bool(request.user.has_perm("shop.publish_ruleset"))

    @display(description=_("version"), ordering="version")
    def title(self, row: RuleSet) -> str:
        return str(row)

    @display(description=_("digest"))
    def fingerprint(self, row: RuleSet) -> str:
        return row.digest[:12]

    @display(description=_("rows"))
    def rows_in_it(self, row: RuleSet) -> str:
        return ", ".join(
            f"{looks.KINDS[kind]}: {len(rows)}" for kind, rows in row.content.items() if kind in looks.KINDS
        )

    @display(description=_("changes"))
    def what_changed(self, row: RuleSet) -> Any:
        if row.version == 1:
            return _("The first version")
        href = f"{reverse(COMPARE)}?old={row.version - 1}&new={row.version}"
        return looks.link(href, _("Compare with the version before"))

    # --- The page Rule book -----------------------------------------------------------------------------------------

    def _context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return {**self.admin_site.each_context(request), "opts": self.opts, "versions": reverse(VERSIONS), **more}

    def _review(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Show what is in force, what awaits publishing, and what needs looking after."""
        context = self._context(request, title=_("Rule book"))
        found = review(today=timezone.localdate())
        return self._page(request, context, found, PublishForm(initial={"reviewed": found.book.digest}))

    def _page(self, request: HttpRequest, context: dict[str, Any], found: Review, form: PublishForm) -> HttpResponse:
        base = found.in_force.version if found.in_force else 0
        context |= {
            "review": found,
            "figures": figures(found),
            "changes": diffs.shown(found.changes[:SHOWN], found.ids),
            "tally": diffs.told(found.changed),
            "hidden": max(len(found.changes) - SHOWN, 0),
            "all_changes": f"{reverse(COMPARE)}?old={base or TABLES}&new={TABLES}" if base else "",
            "groups": by_jurisdiction(found),
            "within": WITHIN.days,
            "form": form if self.has_publish_permission(request) and found.changes and not found.faults else None,
            "publish": reverse(PUBLISH),
            "faults": [(fault, diffs.page(fault.kind, fault.key, found.ids)) for fault in found.faults],
        }
        return TemplateResponse(request, "admin/shop/ruleset/review.html", context)

    def _publish(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Make a version of what was looked at."""
        if not self.has_publish_permission(request):
            raise PermissionDenied
        form = PublishForm(request.POST)
        if not form.is_valid():
            context = self._context(request, title=_("Rule book"))
            return self._page(request, context, review(today=timezone.localdate()), form)
        told = form.cleaned_data
        try:
            made = actions.publish(by=actor(request), note=told["note"], reviewed=told["reviewed"])
        except actions.RulesMoved as error:
            messages.warning(request, str(error))
        except RowFault as fault:
            messages.error(request, _("Nothing was published: %(fault)s.") % {"fault": fault})
        else:
            messages.success(request, _("Version %(version)d is in force.") % {"version": made.version})
        return redirect(reverse(REVIEW))

    # --- Two versions -----------------------------------------------------------------------------------------------

    def _compare(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Show what differs between two versions."""
        context = self._context(request, title=_("Compare versions"), review_page=reverse(REVIEW))
        versions = list(RuleSet.objects.defer("content").order_by("-version"))
        numbers = [str(one.version) for one in versions]
        asked = {
            "old": request.GET.get("old") or (numbers[1:2] or numbers[:1] or [TABLES])[0],
            "new": request.GET.get("new") or (numbers[:1] or [TABLES])[0],
        }
        form = CompareForm(versions, asked)
        if form.is_valid():
            try:
                old, new = (self._book(form.cleaned_data[name]) for name in ("old", "new"))
            except RowFault as fault:
                messages.error(request, _("The rows as they stand cannot be compared: %(fault)s.") % {"fault": fault})
            else:
                found = diff(old, new)
                page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
                context |= {
                    "page": page,
                    "changes": diffs.shown(page.object_list, {}),
                    "tally": diffs.told(tally(found)),
                    "same": not found,
                    "query": f"old={asked['old']}&new={asked['new']}",
                }
        return TemplateResponse(request, "admin/shop/ruleset/compare.html", {**context, "form": form})

    @staticmethod
    def _book(version: str) -> RuleBook:
        if version == TABLES:
            return working_book()
        return RuleBook.from_json(RuleSet.objects.get(version=int(version)).content, version=version)
