"""The shapes of withdrawals and returns. Amounts are text; ids of lines are those of the order's answer."""

from typing import Any

from rest_framework import serializers

from shop.returns.models import ReturnKind, ReturnReason, ReturnState

ASKABLE = [ReturnKind.RETURN.value, ReturnKind.FAULTY.value, ReturnKind.EXCHANGE.value]


class UnitsOfLine(serializers.Serializer[Any]):
    position = serializers.IntegerField(min_value=1, help_text="Of the line in the order.")
    units = serializers.IntegerField(min_value=1, max_value=99)


class WantedLine(UnitsOfLine):
    instead = serializers.CharField(
        max_length=40, required=False, help_text="SKU of another variant of the same product; for an exchange."
    )


class WithdrawalRequest(serializers.Serializer[Any]):
    """First step: the statement. Second step: the confirmation it was answered with."""

    confirmation = serializers.CharField(required=False, help_text="From the first step; then nothing else is read.")
    name = serializers.CharField(max_length=120, required=False)
    email = serializers.EmailField(required=False, help_text="Where the receipt goes.")
    lines = UnitsOfLine(many=True, required=False, help_text="Leave out to withdraw from the whole order.")


class WithdrawalDraft(serializers.Serializer[Any]):
    confirmation = serializers.CharField(help_text="Send it back to confirm; good for a day.")
    name = serializers.CharField()
    order_number = serializers.CharField()
    email = serializers.CharField()
    lines = UnitsOfLine(many=True)


class WithdrawalReceipt(serializers.Serializer[Any]):
    name = serializers.CharField()
    order_number = serializers.CharField()
    email = serializers.CharField()
    lines = UnitsOfLine(many=True)
    submitted_at = serializers.DateTimeField()


class NewReturn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(ASKABLE)
    lines = WantedLine(many=True, allow_empty=False)
    reason = serializers.ChoiceField([one for one in ReturnReason.values if one], required=False)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class ReturnedLine(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    sku = serializers.CharField()
    units = serializers.IntegerField()
    received = serializers.IntegerField()
    accepted = serializers.IntegerField()
    instead = serializers.CharField(allow_null=True)


class ReturnAnswer(serializers.Serializer[Any]):
    number = serializers.CharField()
    token = serializers.CharField()
    order = serializers.CharField(help_text="Its number.")
    kind = serializers.ChoiceField(ReturnKind.values)
    state = serializers.ChoiceField(ReturnState.values)
    refused_reason = serializers.CharField(allow_null=True)
    send_back_by = serializers.DateField(allow_null=True)
    refund_by = serializers.DateField(allow_null=True)
    address = serializers.ListField(child=serializers.CharField())
    slip = serializers.CharField(allow_null=True, help_text="Where the slip is, as PDF.")
    currency = serializers.CharField()
    deduction = serializers.CharField()
    delivery_refund = serializers.CharField()
    refunded = serializers.CharField(allow_null=True)
    lines = ReturnedLine(many=True)
