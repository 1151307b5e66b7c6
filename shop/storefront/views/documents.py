"""The invoice and credit notes of an order, for whoever holds the token of its page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.orders.documents.papers import file_name, invoice_pdf
from shop.storefront.queries.documents import document_by_token


@never_cache
@require_safe
def download(request: HttpRequest, token: str, number: str) -> HttpResponse:  # noqa: ARG001 (a view takes it)
    """Send a document as a file that bears its number. It holds personal data: no cache on the way keeps a copy."""
    invoice = document_by_token(token, number)
    if invoice is None:
        raise Http404("There is no such document.")
    answer = HttpResponse(invoice_pdf(invoice), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(invoice)}"'
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer
