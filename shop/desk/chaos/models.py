"""No table: what carries the permission to switch the simulators' faults."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SimulatorSwitch(models.Model):
    """A fault of a simulator. It is kept by the simulator, not here."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("switch_simulators", _("Can switch faults of the demo's simulators"))]
