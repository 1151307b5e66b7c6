"""Every setting of Vitrine, read from the environment; safe unless told otherwise.

With no ``DATABASE_URL``/``REDIS_URL`` the embedded servers of the state folder are used (see ``config.embedded``);
``manage.py`` starts them. Everything a deployment may set is in the README's configuration table.
"""

from datetime import timedelta
from pathlib import Path

import environ
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from config import embedded, logs, secret

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where the data lives -------------------------------------------------------------------------------------------

DATABASE_URL: str = env.str("DATABASE_URL", default="")
REDIS_URL: str = env.str("REDIS_URL", default="")
EMBEDDED = not (DATABASE_URL and REDIS_URL)
STATE_DIR: Path | None = None
if EMBEDDED:
    STATE_DIR = embedded.state_dir()
    _endpoints = embedded.endpoints(STATE_DIR)
    DATABASE_URL = DATABASE_URL or _endpoints.database_url
    REDIS_URL = REDIS_URL or _endpoints.redis_url

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("VITRINE_DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or secret.secret_key(STATE_DIR)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "shop.storefront.errors.csrf_failure"

# --- HTTPS: on unless the site is the embedded one on loopback ------------------------------------------------------

HTTPS = env.bool("HTTPS", default=not EMBEDDED)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

# --- Django ---------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_prometheus",
    "django_htmx",
    "import_export",
    "config",
    "inventory",
    "licensing",
    "shop",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "config.middleware.RequestIdMiddleware",
    "config.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shop.storefront.middleware.MarketMiddleware",
    "config.middleware.NulMiddleware",
    "config.busy.BusyMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "shop" / "storefront" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shop.storefront.context.storefront",
            ],
            "libraries": {
                "devices": "shop.storefront.devices",
                "linking": "shop.storefront.linking",
                "remembered": "shop.storefront.remembered",
            },
        },
    },
]

# --- Database, cache, sessions --------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"]["ATOMIC_REQUESTS"] = False
_options = DATABASES["default"].setdefault("OPTIONS", {})
_options.setdefault("connect_timeout", 5)
# The catalogue and its indexes fit into memory: with PostgreSQL's cost of a disk arm the planner reads the text of
# every document rather than ask the index. What compiling a plan costs, statements of milliseconds never earn back.
_options.setdefault("options", "-c random_page_cost=1.1 -c jit=off")
# The web process turns the pool on (config/wsgi.py); commands and workers keep one connection each.
DATABASE_POOL = env.int("DATABASE_POOL", default=0)
if DATABASE_POOL:
    _options["pool"] = {"min_size": 1, "max_size": DATABASE_POOL, "timeout": 10}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
REQUIRED_EXTENSIONS = ["pg_trgm", "unaccent", "btree_gist", "pg_stat_statements"]

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "vitrine",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())

# --- Languages, time ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# Catalogue pages bring offers up to date themselves, at most once in so many seconds (0: at every page).
OFFERS_FOLLOW_EVERY = env.float("OFFERS_FOLLOW_EVERY", default=1.0)
LANGUAGES = [("en", "English"), ("fr", "Français"), ("zh-hans", "简体中文"), ("ja", "日本語")]
LOCALE_PATHS = [BASE_DIR / "shop" / "storefront" / "locale"]
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "UTC"

# --- Static files ---------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = (STATE_DIR or BASE_DIR) / "staticfiles"
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str((STATE_DIR or BASE_DIR) / "media"))()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env.bool("PLAIN_STATIC", default=False):
    # Tests and development without collectstatic.
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
    STATIC_ROOT = None
WHITENOISE_MAX_AGE = 31_536_000 if not DEBUG else 0

# --- Accounts -------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
# Beside the library's own: letters with a link to one's data, to one address and from one caller.
ACCOUNT_RATE_LIMITS = {"my_data": "5/h/key,20/h/ip"}
ACCOUNT_ADAPTER = "shop.accounts.adapter.AccountAdapter"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Vitrine"
# Browsers themselves allow passkeys without TLS on localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("NUM_PROXIES", default=0)
# Days for which an export of personal data can be fetched, and for which an erasure can be revoked.
EXPORT_DAYS = env.int("EXPORT_DAYS", default=7)
ERASURE_COOLING_DAYS = env.int("ERASURE_COOLING_DAYS", default=7)
LOGIN_REDIRECT_URL = "/account/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD and so on, of one address.
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
# How many people are told of each unit that came back, before the next are told hours later.
RESTOCK_WAVE = env.int("RESTOCK_WAVE", default=3)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="shop@vitrine.example")

# --- Celery ---------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = (
    "redis+socket://" + REDIS_URL.removeprefix("unix://").replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_DEFAULT_QUEUE = "orders"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_ROUTES = {
    "config.heartbeat": {"queue": "urgent"},
    "shop.channels.refresh_listings": {"queue": "urgent"},
    "shop.catalogue.prepare_pictures": {"queue": "bulk"},
    "shop.catalogue.sweep_files": {"queue": "bulk"},
    "shop.orders.count_sales": {"queue": "bulk"},
    "shop.crossborder.send_customs": {"queue": "bulk"},
    "shop.crossborder.poll_customs": {"queue": "bulk"},
    "shop.crossborder.fetch_rates": {"queue": "bulk"},
    "shop.orders.file_china_customs": {"queue": "bulk"},
    "shop.orders.complete_due": {"queue": "bulk"},
    "shop.orders.write_invoices": {"queue": "bulk"},
    "shop.payments.write_credit_notes": {"queue": "bulk"},
    "shop.payments.reconcile_open_sessions": {"queue": "bulk"},
    "shop.crossborder.erase_identities": {"queue": "bulk"},
    "shop.crossborder.reseal_identities": {"queue": "bulk"},
    "shop.store_api.forget_answers": {"queue": "bulk"},
    "shop.accounts.make_export": {"queue": "bulk"},
    "shop.accounts.make_due_exports": {"queue": "bulk"},
    "shop.accounts.erase_due": {"queue": "bulk"},
    "shop.accounts.sweep": {"queue": "bulk"},
    "shop.alerts.send_mail": {"queue": "mail"},
    "shop.alerts.send_due_mail": {"queue": "mail"},
    "shop.checkout.expire_baskets": {"queue": "bulk"},
    "shop.catalogue.follow_search": {"queue": "bulk"},
    "shop.catalogue.forget_misses": {"queue": "bulk"},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than any task may run (a message whose visibility lapses is delivered a second time), and looked for every
# second rather than every 100 seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 10,
    "global_keyprefix": "vitrine-celery:",
}
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
_every = {  # seconds between runs; each run is short and repeats safely
    "config.heartbeat": 10,
    "inventory.expire_holds": 15,
    "inventory.compute_advice": 6 * 3600,
    "shop.orders.expire_unpaid": 15,
    "shop.orders.complete_due": 3600,
    "shop.orders.write_invoices": 20,
    "shop.payments.write_credit_notes": 30,
    "shop.payments.redrive_events": 15,
    "shop.payments.create_missing_sessions": 30,
    "shop.payments.reconcile_open_sessions": 120,
    "shop.payments.refund_paid_without_stock": 30,
    "shop.returns.sweep": 60,
    "shop.payments.send_refunds": 15,
    "shop.accounts.make_due_exports": 60,
    "shop.accounts.erase_due": 600,
    "shop.accounts.sweep": 3600,
    "shop.alerts.send_due_mail": 20,
    "shop.alerts.call_waiters": 30,
    "shop.alerts.forget_alerts": 3600,
    "shop.channels.refresh_listings": 3,
    "shop.channels.pull_orders": 10,
    "shop.crossborder.follow_offers": 2,
    "shop.catalogue.prepare_pictures": 10,
    "shop.catalogue.sweep_files": 24 * 3600,
    "shop.orders.count_sales": 24 * 3600,
    "shop.crossborder.send_customs": 30,
    "shop.crossborder.poll_customs": 30,
    "shop.crossborder.fetch_rates": 6 * 3600,
    "shop.orders.file_china_customs": 60,
    "shop.store_api.forget_answers": 3600,
    "shop.checkout.expire_baskets": 3600,
    "shop.catalogue.follow_search": 10,
    "shop.catalogue.forget_misses": 24 * 3600,
    "shop.crossborder.erase_identities": 24 * 3600,
    "shop.crossborder.reseal_identities": 24 * 3600,
}
# A run that could not start before the next one is due is dropped: the next one does its work.
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds * 2}} for name, seconds in _every.items()
}

# --- API ------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.parsers.StorableJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "config.pagination.CreatedCursorPagination",
    "DEFAULT_THROTTLE_RATES": {
        "store": env.str("STORE_API_RATE", default="600/min"),
        "promotion_codes": "10/min",
        "partner": "300/min",
        "alerts": env.str("ALERTS_RATE", default="30/hour"),
        "withdrawal": env.str("WITHDRAWAL_RATE", default="30/hour"),
    },
    "EXCEPTION_HANDLER": "config.problems.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Vitrine",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVERS": [{"url": SITE_URL}],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- Payments and channels ------------------------------------------------------------------------------------------

STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRET", default=[])
# Only the demo points the SDK anywhere but at Stripe.
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="") if DEMO else ""
# The demo's simulators: key → the address of their controls on this machine. Only the demo has any.
SIMULATOR_CONTROLS: dict[str, str] = env.json("SIMULATOR_CONTROLS", default={}) if DEMO else {}
PAYMENT_WINDOW = timedelta(minutes=env.int("PAYMENT_WINDOW_MINUTES", default=35))
# How long units stay set aside while a bank answers a debit: Bacs takes seven working days, SEPA up to fourteen days.
PAYMENT_PROCESSING_LIMIT = timedelta(days=env.int("PAYMENT_PROCESSING_DAYS", default=14))
# How long after it was placed an order's units stay set aside for a buyer who opens one payment page after the other.
PAYMENT_TRIES_LIMIT = timedelta(minutes=env.int("PAYMENT_TRIES_MINUTES", default=120))
# How long they stay after a bank has refused in the end, so that the buyer may read of it and try again.
PAYMENT_RETRY_WINDOW = timedelta(hours=env.int("PAYMENT_RETRY_HOURS", default=24))
# How long after it was placed an order may wait for its money in all, whatever was tried.
PAYMENT_LAST_CALL = timedelta(days=env.int("PAYMENT_LAST_CALL_DAYS", default=16))
# Days after the last day to withdraw until an order is over: a declaration that was posted on that day is in time
# (Directive 2011/83/EU, article 11(2)), and letters take some days.
COMPLETION_MARGIN_DAYS = env.int("COMPLETION_MARGIN_DAYS", default=7)
# Days from leaving until a tracked parcel without news of its delivery is listed for a person: longer than any delivery
# time that the shop promises, and within the time in which carriers take enquiries.
PARCEL_NEWS_DAYS = env.int("PARCEL_NEWS_DAYS", default=21)
# Days from leaving until a parcel without tracking counts as delivered: posts treat one as lost from about then on, and
# counting late never shortens anybody's right to withdraw.
UNTRACKED_DELIVERY_DAYS = env.int("UNTRACKED_DELIVERY_DAYS", default=30)
# The header in which a trusted proxy names the visitor's country (ISO 3166-1), e.g. CF-IPCountry; empty: none does.
COUNTRY_HEADER = env.str("COUNTRY_HEADER", default="")
# The museum's own currency: stock is valued in it.
BASE_CURRENCY = env.str("BASE_CURRENCY", default="GBP")
# Where the reference rates of exchange are fetched from (https; empty: nowhere). The demo has rates of its own.
ECB_RATES_URL = env.str(
    "ECB_RATES_URL", default="" if DEMO else "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"
)
# Who sells, as customs papers name it where an order has no market with a seller: name, company, lines (a list), city,
# region, postcode, country, phone, email, eori, vat, ioss, voec, arn, gst.
SELLER = env.json(
    "SELLER",
    default={
        "name": "Aldermere Trading Ltd",
        "lines": ["4 Bedford Yard"],
        "city": "London",
        "postcode": "WC1B 3DE",
        "country": "GB",
        "phone": "+44 20 7946 0812",
        "email": "export@aldermere.example",
        "eori": "GB123456789000",
        "vat": "GB123456789",
    }
    if DEMO
    else {},
)
# The probability of not running out before the next delivery that reorder advice aims at.
REORDER_SERVICE_LEVEL = env.float("REORDER_SERVICE_LEVEL", default=0.95)
# Orders that one shopper may have waiting for payment at a time (0: no limit): nobody holds a shelf for nothing.
LIVE_HOLDS_PER_HOLDER = env.int("LIVE_HOLDS_PER_HOLDER", default=10)

# Secrets that seal buyers' identity numbers, the newest first (each 32 characters or more). Without any, a key derived
# from SECRET_KEY does; that key always opens what it has sealed.
IDENTITY_KEYS = env.list("IDENTITY_KEYS", default=[])
# Days from the consent. China: E-commerce Law, article 31 (three years). Korea: Customs Act, article 12 (five years).
IDENTITY_RETENTION_DAYS = {
    "cn_resident_id": env.int("IDENTITY_RETENTION_DAYS_CN", default=3 * 366),
    "kr_pccc": env.int("IDENTITY_RETENTION_DAYS_KR", default=5 * 366),
}

TMALL = {
    "gateway_url": env.str("TMALL_GATEWAY_URL", default="https://eco.taobao.com/router/rest"),
    "app_key": env.str("TMALL_APP_KEY", default=""),
    "app_secret": env.str("TMALL_APP_SECRET", default=""),
    "session": env.str("TMALL_SESSION", default=""),
}

# China's cross-border filings: where messages go (empty: nowhere from here), and our companies in the customs register.
CHINA_CUSTOMS_URL = env.str("CHINA_CUSTOMS_URL", default="")
CHINA_CUSTOMS_TOKEN = env.str("CHINA_CUSTOMS_TOKEN", default="")
CHINA_CUSTOMS = {
    name: env.str(f"CHINA_CUSTOMS_{name.upper()}", default="")
    for name in (
        "platform_code",
        "platform_name",
        "merchant_code",
        "merchant_name",
        "pay_code",
        "pay_name",
        "logistics_code",
        "logistics_name",
        "transfer_code",
        "transfer_name",
        "dxp_id",
    )
}
# What reads a buyer's kept identity, by its reference, at the moment a message is made.
CHINA_IDENTITY_RESOLVER = env.str("CHINA_IDENTITY_RESOLVER", default="shop.orders.china_filing.resolve_identity")

# --- Logs, metrics --------------------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = logs.configuration(level=LOG_LEVEL, json=not DEBUG)
logs.configure(json=not DEBUG)
LOGGING_CONFIG = "logging.config.dictConfig"
PROMETHEUS_EXPORT_MIGRATIONS = False
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- Admin ----------------------------------------------------------------------------------------------------------

# A cell that a spreadsheet would run as a formula leaves as text.
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
UNFOLD = {
    "SITE_TITLE": "Vitrine",
    "SITE_HEADER": "Vitrine",
    "SITE_SUBHEADER": _("Museum shop"),
    "SITE_URL": "/",
    "SITE_SYMBOL": "storefront",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "config.admin_site.environment",
    "DASHBOARD_CALLBACK": "shop.desk.admin.dashboard",
    "STYLES": [lambda _request: static("shop/admin.css")],
    "COLORS": {
        "primary": {
            "50": "#f3f6f7",
            "100": "#e0e8ec",
            "200": "#c4d3da",
            "300": "#9bb3bf",
            "400": "#6a8b9c",
            "500": "#4f7081",
            "600": "#3f5a6a",
            "700": "#354a57",
            "800": "#2f3f4a",
            "900": "#2a3740",
            "950": "#1a232a",
        },
    },
    "SIDEBAR": {"show_search": True, "navigation": "config.admin_site.navigation"},
}
LOGIN_URL = reverse_lazy("account_login")
