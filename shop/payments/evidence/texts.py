"""The evidence as the fields that Stripe hands to a bank. Each has 20,000 characters at most, all 150,000 together."""

from stripe.params import DisputeUpdateParamsEvidence

from shop.payments.evidence.facts import Evidence

MOST = 20_000


def fields(evidence: Evidence, *, statement: str) -> DisputeUpdateParamsEvidence:
    """Return the fields of Stripe's evidence that the books can fill; ``statement`` is what a person adds in words."""
    order = evidence.order
    told: DisputeUpdateParamsEvidence = {
        "product_description": "\n".join(f"{one.quantity} × {one.name} ({one.sku})" for one in evidence.lines)[:MOST],
        "shipping_address": "\n".join(evidence.address)[:MOST],
        "uncategorized_text": "\n\n".join(filter(None, (statement.strip(), _timeline(evidence))))[:MOST],
    }
    name = str(order.ship_to.get("name") or "")
    if name:
        told["customer_name"] = name[:MOST]
    if order.email:
        told["customer_email_address"] = order.email
    sent = [one for one in evidence.parcels if one.left_on]
    if sent:
        told["shipping_date"] = ", ".join(dict.fromkeys(f"{one.left_on:%Y-%m-%d}" for one in sent))
        if carriers := [one.carrier for one in sent if one.carrier]:
            told["shipping_carrier"] = ", ".join(dict.fromkeys(carriers))
        if numbers := [one.tracking for one in sent if one.tracking]:
            told["shipping_tracking_number"] = ", ".join(numbers)
    terms = [page for page in evidence.pages if page.kind == "withdrawal"]
    if terms:
        told["refund_policy_disclosure"] = (
            f"In force when the order was placed, version {terms[0].version} of {terms[0].valid_from:%Y-%m-%d}, linked "
            f"before the button that orders:\n{terms[0].body}"
        )[:MOST]
    return told


def _timeline(evidence: Evidence) -> str:
    return "\n".join(f"{one.at:%Y-%m-%d %H:%M} UTC: {one.what}" for one in evidence.timeline)
