"""Addresses under ``/api/v1/partner/``."""

from django.urls import path

from licensing.partner_api import api

urlpatterns = [
    path("me", api.Me.as_view(), name="partner_me"),
    path("agreements", api.Agreements.as_view(), name="partner_agreements"),
    path("agreements/<str:number>", api.AgreementDetail.as_view(), name="partner_agreement"),
    path("agreements/<str:number>/versions", api.AgreementVersions.as_view(), name="partner_agreement_versions"),
    path("royalty-entries", api.RoyaltyEntries.as_view(), name="partner_royalty_entries"),
    path("royalty-entries/summary", api.RoyaltySummary.as_view(), name="partner_royalty_summary"),
]
