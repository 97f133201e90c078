"""Django settings: reads `environment`, builds nothing else."""

from zhicheng.config import environment as env
from zhicheng.config.database import database_url, django_database

DEBUG = env.flag("ZHICHENG_DEBUG")
DEMO = env.flag("ZHICHENG_DEMO")
SECRET_KEY = env.secret("django")
ALLOWED_HOSTS = env.text("ZHICHENG_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in env.text("ZHICHENG_ORIGINS").split(",") if origin]
PUBLIC_URL = env.text("ZHICHENG_URL", f"http://127.0.0.1:{env.integer('PORT', 8000)}").rstrip("/")
FOLLOW_CODE_KEY = env.secret("follow_codes")  # changing it makes printed follow codes useless
DEVICE_MASTER = env.secret("devices")  # changing it makes the passwords of all devices useless
SECURE = env.flag("ZHICHENG_HTTPS")
TRUSTED_PROXIES = env.networks("ZHICHENG_TRUSTED_PROXIES")  # whose X-Forwarded-For and -Proto are believed

HOME = env.home()
PACK_ROOT = env.pack_root()
FILES_ROOT = HOME / "files"
LEDGER_ROOT = HOME / "ledger"
LAKE_RESULTS_DAYS = env.integer("ZHICHENG_LAKE_RESULTS_DAYS", 400)  # tables of runs are swept when older
LAKE_CHANGES_HOURS = env.integer("ZHICHENG_LAKE_CHANGES_HOURS", 24)  # old versions of tables that follow the outbox
LAKE_FRESH_DAYS = env.integer("ZHICHENG_LAKE_FRESH_DAYS", 35)  # doctor warns of registers that are older
LAKE_VERSIONS_DAYS = env.integer("ZHICHENG_LAKE_VERSIONS_DAYS", 1830)  # and versions of registers replaced before
LAKE_S3 = env.text("ZHICHENG_LAKE_S3")  # s3://bucket/prefix: where the worker keeps a copy of the lake
LAKE_S3_ENDPOINT = env.text("AWS_ENDPOINT_URL")  # the names that every program for S3 knows
LAKE_S3_REGION = env.text("AWS_REGION") or env.text("AWS_DEFAULT_REGION", "us-east-1")
LAKE_S3_KEY = tuple(env.text(f"AWS_{name}") for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"))
LAKE_S3_VIRTUAL = env.flag("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", default=not LAKE_S3_ENDPOINT)
TELEMETRY_DURABILITY = env.text("ZHICHENG_TELEMETRY_DURABILITY", "kernel")  # or disk: survives the loss of power
TELEMETRY_COMMIT_S = env.integer("ZHICHENG_TELEMETRY_COMMIT_S", 5)  # readings reach the lake's tables this often
TELEMETRY_DAYS = env.integer("ZHICHENG_TELEMETRY_DAYS", 190)  # readings are kept this long
TELEMETRY_SHORT_DAYS = env.integer("ZHICHENG_TELEMETRY_SHORT_DAYS", 1100)  # steps of 5 minutes; those of an hour stay
OUTBOUND_ROOT = HOME / "outbound"  # where the embedded SMS and e-mail providers write
KEYS_ROOT = HOME / "keys"  # personal-data keys, outside the database

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "zhicheng.core.ledger",
    "zhicheng.core.packs",
    "zhicheng.core.parties",
    "zhicheng.core.lake",
    "zhicheng.core.places",
    "zhicheng.core.rules",
    "zhicheng.core.inference",
    "zhicheng.core.knowledge",
    "zhicheng.core.notices",
    "zhicheng.core.forms",
    "zhicheng.core.cases",
    "zhicheng.core.telemetry",
    "zhicheng.apps.twin",
    "zhicheng.apps.appeals",
    "zhicheng.apps.licences",
    "zhicheng.apps.services",
    "zhicheng.apps.benefits",
    "zhicheng.apps.disclosure",
    "zhicheng.apps.policies",
    "zhicheng.apps.governance",
    "zhicheng.apps.assistant",
    "zhicheng.web",
]
MIDDLEWARE = [
    "zhicheng.web.edge.forwarding.ForwardingMiddleware",
    "zhicheng.web.edge.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhicheng.web.edge.middleware.ActorMiddleware",
    "zhicheng.web.edge.middleware.ErrorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "zhicheng.web.edge.methods.MethodMiddleware",
]
ROOT_URLCONF = "zhicheng.config.urls"
WSGI_APPLICATION = "zhicheng.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhicheng.web.edge.context.page",
            ],
        },
    }
]
DATABASES = {"default": django_database(database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "parties.Account"
AUTHENTICATION_BACKENDS = ["zhicheng.core.parties.contrib.backend.AccountBackend"]
LOGIN_URL = "/signin/"
SESSIONS_PER_ACCOUNT = env.integer("ZHICHENG_SESSIONS", 5)  # the oldest ends when one more begins
LIVE_PAGES = env.integer("ZHICHENG_LIVE_PAGES", 12)  # pages with live events that one account may have open
CODE_SENDER = env.text("ZHICHENG_CODE_SENDER", "file")  # which registered door takes sign-in codes
IDENTITY_PROVER = env.text("ZHICHENG_IDENTITY_PROVER", "demo")  # which registered door proves identities
IDENTITY_URL = env.text("ZHICHENG_IDENTITY_URL")
IDENTITY_KEY = env.text("ZHICHENG_IDENTITY_KEY")
CHAT_URL = env.text("ZHICHENG_CHAT_URL")  # an OpenAI-compatible server, up to and including /v1; empty for none
CHAT_MODEL = env.text("ZHICHENG_CHAT_MODEL")
CHAT_KEY = env.text("ZHICHENG_CHAT_KEY")
CHAT_TIMEOUT_S = env.integer("ZHICHENG_CHAT_TIMEOUT_S", 8)
EMBED_URL = env.text("ZHICHENG_EMBED_URL")  # as CHAT_URL, for embeddings; empty for the bundled ones
EMBED_MODEL = env.text("ZHICHENG_EMBED_MODEL")
EMBED_KEY = env.text("ZHICHENG_EMBED_KEY")
COMPANY_REGISTER = env.text("ZHICHENG_COMPANY_REGISTER", "demo")  # which registered door names legal representatives

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # ForwardingMiddleware has made it true
SECURE_HSTS_SECONDS = env.integer("ZHICHENG_HSTS_S", 31_536_000) if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # form fields; files have their own limit
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING_CONFIG = None  # config.logs: structured lines, set up by each process
FILE_UPLOAD_HANDLERS = [
    "zhicheng.web.edge.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
CSRF_FAILURE_VIEW = "zhicheng.web.edge.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Requests an address may make in a minute; 0 switches a limit off. Counted in each web process.
RATE_LIMITS = {
    "submit": env.integer("ZHICHENG_RATE_SUBMIT", 30),
    "signin": env.integer("ZHICHENG_RATE_SIGNIN", 20),
    "follow": env.integer("ZHICHENG_RATE_FOLLOW", 30),
    "assistant": env.integer("ZHICHENG_RATE_ASSISTANT", 60),
    "suggest": env.integer("ZHICHENG_RATE_SUGGEST", 240),
    "api_assistant": env.integer("ZHICHENG_RATE_API_ASSISTANT", 60),
    "api_submit": env.integer("ZHICHENG_RATE_API_SUBMIT", 120),
    "api_upload": env.integer("ZHICHENG_RATE_API_UPLOAD", 60),
    "api": env.integer("ZHICHENG_RATE_API", 600),
    "ogc": env.integer("ZHICHENG_RATE_OGC", 3000),
    "page": env.integer("ZHICHENG_RATE_PAGE", 1200),
}
METRICS_TOKEN = env.text("ZHICHENG_METRICS_TOKEN")
