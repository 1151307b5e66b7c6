"""Gathers the models of the rooms."""

from licensing.partner_api.models import ApiKey
from licensing.rights.held import RightHeld
from licensing.rights.models import Agreement, AgreementVersion, Grant, LicensedSku, Party, PartyGroup, Property
from licensing.rights.scopes.models import ScopeGroup, ScopeNode
from licensing.royalties.models import RoyaltyEntry

__all__ = [
    "Agreement",
    "AgreementVersion",
    "ApiKey",
    "Grant",
    "LicensedSku",
    "Party",
    "PartyGroup",
    "Property",
    "RightHeld",
    "RoyaltyEntry",
    "ScopeGroup",
    "ScopeNode",
]
