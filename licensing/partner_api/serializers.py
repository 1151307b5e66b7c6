"""What partners see. Amounts and rates are text; dates are ISO 8601."""

from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from licensing.rights.models import Agreement, AgreementVersion, Grant, Party
from licensing.royalties.models import RoyaltyEntry


class PartySerializer(serializers.ModelSerializer[Party]):
    class Meta:
        model = Party
        fields = ["code", "name", "country"]


class AgreementSerializer(serializers.ModelSerializer[Agreement]):
    licensor = PartySerializer()
    licensee = PartySerializer()

    class Meta:
        model = Agreement
        fields = ["number", "state", "direction", "currency", "licensor", "licensee", "created_at"]


@extend_schema_field({"type": "object", "properties": {"from": {"type": "string"}, "to": {"type": ["string", "null"]}}})
class TermField(serializers.Field[Any, Any, Any, Any]):
    """A half-open range of dates: ``to`` is the first day that is not in it."""

    def to_representation(self, value: DateRange) -> dict[str, str | None]:
        return {
            "from": value.lower.isoformat() if value.lower else None,
            "to": value.upper.isoformat() if value.upper else None,
        }


class GrantSerializer(serializers.ModelSerializer[Grant]):
    property = serializers.CharField(source="prop.name")
    term = TermField(read_only=True)

    class Meta:
        model = Grant
        fields = ["property", "territories", "channels", "categories", "term", "exclusivity"]


class VersionSerializer(serializers.ModelSerializer[AgreementVersion]):
    effective = TermField(read_only=True)
    grants = GrantSerializer(many=True)

    class Meta:
        model = AgreementVersion
        fields = ["number", "effective", "signed_at", "terms", "grants"]


class RoyaltyEntrySerializer(serializers.ModelSerializer[RoyaltyEntry]):
    agreement = serializers.CharField(source="agreement.number")
    version = serializers.IntegerField(source="version.number")

    class Meta:
        model = RoyaltyEntry
        fields = [
            "id", "agreement", "version", "kind", "sku", "quantity", "territory", "channel", "sale_date", "currency",
            "base", "rate", "amount", "source", "posted_at", "trace",
        ]  # fmt: skip


class SummaryRowSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    channel = serializers.CharField()
    entries = serializers.IntegerField()
    units = serializers.IntegerField()
    base = serializers.DecimalField(max_digits=20, decimal_places=4)
    amount = serializers.DecimalField(max_digits=20, decimal_places=4)


class SummarySerializer(serializers.Serializer[Any]):
    results = SummaryRowSerializer(many=True)
