"""Parties, properties and signed agreements of the demo."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from licensing.rights.models import Agreement, AgreementVersion, Grant, LicensedSku, Party, Property

if TYPE_CHECKING:
    from shop.demo.museum import DemoMuseum
