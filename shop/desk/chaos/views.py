"""The chaos page. Where no simulator is configured it does not exist."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shop.desk.chaos import health, simulators
from shop.desk.chaos.forms import SwitchForm
from shop.desk.chaos.simulators import Simulator, SimulatorAway, SwitchRefused

PERMISSION = "shop.switch_simulators"
EVENT = re.compile(r"[A-Za-z0-9_]{1,80}")
View = Callable[..., HttpResponse]


def _guarded(view: View) -> View:
    """Let managers in, where there are simulators at all."""

    @wraps(view)
    def permitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    inside = never_cache(admin.site.admin_view(permitted))

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not simulators.configured():
            raise Http404
        answer: HttpResponse = inside(request, *args, **kwargs)
        return answer

    return guarded


def _page(request: HttpRequest, *, bound: dict[str, SwitchForm] | None = None, status: int = 200) -> HttpResponse:
    found = simulators.look()
    shown = [(one, None if one.problem else (bound or {}).get(one.key) or SwitchForm(one)) for one in found]
    now = timezone.now()
    context = {
        **admin.site.each_context(request),
        "title": _("Chaos"),
        "simulators": shown,
        "faults_on": sum(len(one.on) for one in found),
        "carriers": [one for one in found if one.deliveries is not None],
        "figures": health.figures(),
        "sweeps": health.sweeps(now),
    }
    return TemplateResponse(request, "admin/desk/chaos/page.html", context, status=status)


@_guarded
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every simulator with its faults, and how the shop is."""
    return _page(request)


def _simulator(key: str) -> Simulator:
    found = next((one for one in simulators.look() if one.key == key), None)
    if found is None:
        raise Http404
    return found


@_guarded
@require_POST
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """Set the faults of one simulator as the form says."""
    simulator = _simulator(key)
    if simulator.problem:
        messages.error(request, f"{simulator.name}: {simulator.problem}")
        return redirect("chaos:show")
    form = SwitchForm(simulator, request.POST)
    if not form.is_valid():
        return _page(request, bound={key: form}, status=422)
    try:
        simulators.switch(key, form.values())
    except (SimulatorAway, SwitchRefused) as error:
        messages.error(request, f"{simulator.name}: {error}")
    else:
        messages.success(request, _("The faults of %(name)s are set.") % {"name": simulator.name})
    return redirect("chaos:show")


@_guarded
@require_POST
def off(request: HttpRequest) -> HttpResponse:
    """Turn every fault off."""
    missed = simulators.all_off()
    for sentence in missed:
        messages.error(request, sentence)
    if not missed:
        messages.success(request, _("All faults are off."))
    return redirect("chaos:show")


@_guarded
@require_POST
def deliver(request: HttpRequest, key: str, event: str) -> HttpResponse:
    """Have an event delivered again."""
    if key not in simulators.configured() or not EVENT.fullmatch(event):
        raise Http404
    try:
        simulators.deliver_again(key, event)
    except (SimulatorAway, SwitchRefused) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(event)s is delivered again.") % {"event": event})
    return redirect("chaos:show")
