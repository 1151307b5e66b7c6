"""Pictures from MEDIA_ROOT, for shops that run without a web server or object store in front."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve as serve_file

# A picture is never a page: whatever an SVG contains, nothing in it may run or load.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve one file. Names carry a digest of their content, so they may be cached for a year."""
    response = serve_file(request, path, document_root=settings.MEDIA_ROOT)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
