"""Gathers the admin of the rooms."""

from licensing.partner_api import admin as partner_api_admin
from licensing.rights import admin as rights_admin
from licensing.royalties import admin as royalties_admin

__all__ = ["partner_api_admin", "rights_admin", "royalties_admin"]
