"""Every address of the house."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config import health, media, metrics, problems

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
    path("admin/chaos/", include("shop.desk.chaos.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/v1/store/", include("shop.store_api.urls")),
    path("api/v1/partner/", include("licensing.partner_api.urls")),
    re_path(r"^api/", problems.not_found),
    path("media/<path:path>", media.serve, name="media"),
    path("", include("shop.payments.urls")),
    path("", include("shop.storefront.urls")),
]
handler404 = "shop.storefront.errors.not_found"
handler500 = "shop.storefront.errors.server_error"
