"""The doors of the partner API: each runs its queries behind both walls and renders what was fetched there."""

from typing import Any, cast

from django.db.models import Count, QuerySet, Sum
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, ValidationError
from rest_framework.views import APIView

from config.pagination import CreatedCursorPagination
from licensing.partner_api import tenancy
from licensing.partner_api.authentication import IsPartner, KeyAuthentication, Partner, PartnerThrottle
from licensing.partner_api.filters import RoyaltyEntryFilter
from licensing.partner_api.serializers import (
    AgreementSerializer,
    PartySerializer,
    RoyaltyEntrySerializer,
    SummarySerializer,
    VersionSerializer,
)
from licensing.rights.models import Party

PAGED = [
    OpenApiParameter("cursor", str, description="Opaque; take it from next."),
    OpenApiParameter("limit", int, description="1 to 200, default 50."),
]
NARROWED = [
    OpenApiParameter("agreement", str),
    OpenApiParameter("channel", str),
    OpenApiParameter("sku", str),
    OpenApiParameter("from", str, description="First day of sale, YYYY-MM-DD."),
    OpenApiParameter("to", str, description="Last day of sale, YYYY-MM-DD."),
]


class PartnerView(APIView):
    """A door for one partner: who it is comes from the key, never from the address or the body."""

    authentication_classes = [KeyAuthentication]
    permission_classes = [IsPartner]
    throttle_classes = [PartnerThrottle]

    @property
    def partner(self) -> Party:
        """The partner that asks."""
        return cast(Partner, self.request.user).party

    def page(self, request: Request, rows: QuerySet[Any], serializer: type[BaseSerializer[Any]]) -> Response:
        """Answer one cursor page, fetched and rendered inside the partner's context."""
        paginator = CreatedCursorPagination()
        found = paginator.paginate_queryset(rows, request, view=self)
        return paginator.get_paginated_response(serializer(found, many=True).data)


def narrowed(request: Request, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Apply the filters of the query string.

    :raises ValidationError: a filter's value is not of its form.
    """
    chosen = RoyaltyEntryFilter(request.query_params, queryset=rows)
    if not chosen.is_valid():
        raise ValidationError(chosen.errors)
    found: QuerySet[Any] = chosen.qs
    return found


class Me(PartnerView):
    """Who the key belongs to."""

    @extend_schema(responses=PartySerializer, operation_id="partner_me")
    def get(self, _request: Request) -> Response:
        return Response(PartySerializer(self.partner).data)


class Agreements(PartnerView):
    """The partner's agreements."""

    @extend_schema(responses=AgreementSerializer(many=True), parameters=PAGED, operation_id="partner_agreements")
    def get(self, request: Request) -> Response:
        with tenancy.partner_context(self.partner):
            return self.page(request, tenancy.access_agreements(self.partner), AgreementSerializer)


class AgreementDetail(PartnerView):
    """One agreement; another partner's answers 404 like one that does not exist."""

    @extend_schema(responses=AgreementSerializer, operation_id="partner_agreement")
    def get(self, _request: Request, number: str) -> Response:
        with tenancy.partner_context(self.partner):
            found = tenancy.access_agreements(self.partner).filter(number=number).first()
            if found is None:
                raise Http404
            return Response(AgreementSerializer(found).data)


class AgreementVersions(PartnerView):
    """The signed versions of one agreement, with terms and grants."""

    @extend_schema(responses=VersionSerializer(many=True), operation_id="partner_agreement_versions")
    def get(self, _request: Request, number: str) -> Response:
        with tenancy.partner_context(self.partner):
            if not tenancy.access_agreements(self.partner).filter(number=number).exists():
                raise Http404
            found = tenancy.access_versions(self.partner, number=number)
            return Response({"results": VersionSerializer(found, many=True).data})


class RoyaltyEntries(PartnerView):
    """The partner's royalty entries, newest first, each with the trace of its figures."""

    @extend_schema(
        responses=RoyaltyEntrySerializer(many=True), parameters=PAGED + NARROWED, operation_id="partner_royalty_entries"
    )
    def get(self, request: Request) -> Response:
        with tenancy.partner_context(self.partner):
            rows = narrowed(request, tenancy.access_royalty_entries(self.partner))
            return self.page(request, rows, RoyaltyEntrySerializer)


class RoyaltySummary(PartnerView):
    """Totals by currency and channel over the same filters."""

    @extend_schema(responses=SummarySerializer, parameters=NARROWED, operation_id="partner_royalty_summary")
    def get(self, request: Request) -> Response:
        with tenancy.partner_context(self.partner):
            rows = narrowed(request, tenancy.access_royalty_entries(self.partner))
            totals = (
                rows.order_by("currency", "channel")
                .values("currency", "channel")
                .annotate(entries=Count("id"), units=Sum("quantity"), base=Sum("base"), amount=Sum("amount"))
            )
            return Response(SummarySerializer({"results": list(totals)}).data)
