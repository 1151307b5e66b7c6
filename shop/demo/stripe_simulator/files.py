"""Files that are handed in as evidence."""

from base64 import b64encode
from typing import Any

from shop.demo.stripe_simulator import books, ids
from shop.demo.stripe_simulator.books import Body, Step
from shop.demo.stripe_simulator.refusals import bad_parameter

PURPOSE = "dispute_evidence"
FILE_FIELDS = (
    "cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation", "receipt",
    "refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
)  # fmt: skip
BEGINNINGS = {b"%PDF-": "pdf", b"\x89PNG": "png", b"\xff\xd8\xff": "jpg"}


def create(step: Step, params: dict[str, Any]) -> Body:
    """Keep an uploaded file. :raises ApiError: it is none of the kinds that a bank reads."""
    name, content = params["file"]
    kind = next((kind for start, kind in BEGINNINGS.items() if content.startswith(start)), None)
    if kind is None:
        raise bad_parameter("Evidence is a PDF, PNG or JPEG file.", param="file")
    own = ids.fresh("file")
    made = {
        "id": own,
        "object": "file",
        "created": step.now,
        "expires_at": None,
        "filename": name,
        "links": {"object": "list", "data": [], "has_more": False, "url": f"/v1/file_links?file={own}"},
        "purpose": params["purpose"],
        "size": len(content),
        "title": None,
        "type": kind,
        "url": None,
    }
    books.insert(step, made, hidden={"content": b64encode(content).decode()})
    return made
