"""Gathers the models of the rooms."""

from licensing.partner_api.models import ApiKey
from licensing.rights.models import Agreement, AgreementVersion, Grant, LicensedSku, Party, Property
from licensing.royalties.models import RoyaltyEntry

__all__ = [
    "Agreement",
    "AgreementVersion",
    "ApiKey",
    "Grant",
    "LicensedSku",
    "Party",
    "Property",
    "RoyaltyEntry",
]
