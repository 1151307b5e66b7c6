"""Licensing as a Django app."""

from django.apps import AppConfig


class LicensingConfig(AppConfig):
    """Rights, royalties and the partner API."""

    name = "licensing"
    verbose_name = "Licensing"
