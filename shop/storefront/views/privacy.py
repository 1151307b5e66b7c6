"""A person's rights over her data: in her account, and by a signed link for whoever has none."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.accounts.privacy import erasing, exporting, links, receipts
from shop.accounts.privacy.models import DataExport, Erasure
from shop.accounts.privacy.person import account_of, verified
from shop.orders.mails import moment
from shop.storefront.account_forms import MyDataForm
from shop.storefront.views.account import signed_in, spoken


def _jobs(exports: list[DataExport], erasure: Erasure | None, language: str) -> dict[str, Any]:
    return {
        "exports": [
            {
                "id": one.pk,
                "state": one.get_state_display(),
                "ready": one.state == DataExport.State.READY,
                "asked": moment(one.requested_at, language),
                "until": moment(one.expires_at, language) if one.expires_at else "",
            }
            for one in exports
        ],
        "erasure": erasure,
        "erased_on": moment(erasure.due_at, language) if erasure else "",
    }


@never_cache
@require_safe
@login_required
def account_data(request: HttpRequest) -> HttpResponse:
    """What can be asked, and what is under way."""
    user = signed_in(request)
    jobs = _jobs(erasing.exports_of(user=user), erasing.pending(user=user), spoken(request))
    return render(request, "storefront/account/data.html", {"here": "data", **jobs})


@never_cache
@require_POST
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """Ask for a copy. An account's address has to be proved first."""
    user = signed_in(request)
    if user.email.lower() not in verified(user):
        messages.error(request, _("Please confirm your e-mail address first."))
        return redirect("account_email")
    exporting.request_export(user=user, email=user.email, language=spoken(request), asked_by="shopper")
    messages.success(request, _("We are gathering your data and will write to you when the file is ready."))
    return redirect("shop:account_data")


def _file(made: DataExport | None) -> HttpResponse:
    if made is None or made.content is None:
        raise Http404("There is no such file.")
    return HttpResponse(
        bytes(made.content),
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="vitrine-data.json"'},
    )


@never_cache
@require_safe
@login_required
def download(request: HttpRequest, export_id: Any) -> HttpResponse:
    """The file, while it is kept; another's is not there."""
    ready = DataExport.objects.filter(pk=export_id, user=signed_in(request), state=DataExport.State.READY)
    return _file(ready.first())


def _refusal(error: erasing.ErasureRefused) -> str:
    if isinstance(error, erasing.SomethingOpen):
        said = _("This has to be finished first: %(numbers)s. Please ask again when it has arrived or was cancelled.")
        return said % {"numbers": ", ".join(error.matters)}
    return _("An account of the shop's staff is closed by an administrator.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    """Say what an erasure means, and begin it. Whoever asks proves again first that it is she."""
    user = signed_in(request)
    if request.method == "POST":
        if user.email.lower() not in verified(user):
            messages.error(request, _("Please confirm your e-mail address first."))
            return redirect("account_email")
        try:
            erasing.request_erasure(user=user, email=user.email, language=spoken(request), asked_by="shopper")
        except erasing.ErasureRefused as error:
            messages.error(request, _refusal(error))
        return redirect("shop:account_data")
    return render(request, "storefront/account/erase.html", {"here": "data"})


@never_cache
@require_POST
@login_required
def keep(request: HttpRequest) -> HttpResponse:
    """Call the erasure off."""
    standing = erasing.pending(user=signed_in(request))
    if standing is not None:
        erasing.revoke(erasure_id=standing.pk)
        messages.success(request, _("The erasure was called off. Everything stays as it is."))
    return redirect("shop:account_data")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """For whoever has no account: a link to the address that is typed. The answer is the same for every address."""
    form = MyDataForm(request.POST or None)
    sent = False
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        sent = True
        if ratelimit.consume(request, action="my_data", key=email.lower()):
            receipts.data_link(email=email, language=spoken(request), asked_by="shopper")
    return render(request, "storefront/my_data.html", {"form": form, "sent": sent}, status=422 if form.errors else 200)


def _proof(token: str) -> links.Proof:
    try:
        return links.read(token)
    except links.BadLink as error:
        raise Http404("The link is too old, or incomplete.") from error


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_data_link(request: HttpRequest, token: str) -> HttpResponse:
    """What the holder of a proved address can ask. Whoever has an account asks there, signed in with all its steps."""
    proof, language = _proof(token), spoken(request)
    has_account = account_of(proof.email) is not None
    standing = erasing.waiting_for(email=proof.email)
    if request.method == "POST" and not has_account:
        _asked(request, proof, standing)
        return redirect("shop:my_data_link", token)
    response = render(
        request,
        "storefront/my_data_link.html",
        {"email": proof.email, "has_account": has_account, **_jobs([], standing, language)},
    )
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _asked(request: HttpRequest, proof: links.Proof, standing: Erasure | None) -> None:
    intent = request.POST.get("intent")
    if intent == "export":
        exporting.request_export(user=None, email=proof.email, language=spoken(request), asked_by=proof.asked_by)
        messages.success(request, _("We are gathering your data and will write to you when the file is ready."))
    elif intent == "keep" and standing is not None:
        erasing.revoke(erasure_id=standing.pk)
        messages.success(request, _("The erasure was called off. Everything stays as it is."))
    elif intent == "erase":
        try:
            erasing.request_erasure(user=None, email=proof.email, language=spoken(request), asked_by=proof.asked_by)
        except erasing.ErasureRefused as error:
            messages.error(request, _refusal(error))


@never_cache
@require_safe
def my_data_file(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """The file of somebody without an account, by the link of the letter."""
    try:
        export_id = links.read_download(token)
    except links.BadLink as error:
        raise Http404("There is no such file.") from error
    return _file(DataExport.objects.filter(pk=export_id, user=None, state=DataExport.State.READY).first())
