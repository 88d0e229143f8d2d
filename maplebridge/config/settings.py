"""Settings, read from the environment. Every variable is documented in docs/settings.md."""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from maplebridge.config.basemap import read_base_map
from maplebridge.config.mail import read_mail_server

ROOT = Path(__file__).resolve().parent.parent.parent


def env_bool(name: str, default: bool) -> bool:
    """Read a yes/no variable; anything but 1/0/true/false/yes/no is an error."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.lower() in {"1", "true", "yes"}:
        return True
    if raw.lower() in {"0", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {raw!r}")


DATA_DIR = Path(os.environ.get("MAPLEBRIDGE_DATA", ROOT / ".data"))
BUILD_DIR = Path(os.environ.get("MAPLEBRIDGE_BUILD", ROOT / "build"))
DEMO = env_bool("MAPLEBRIDGE_DEMO", False)
DEBUG = env_bool("MAPLEBRIDGE_DEBUG", False)
# The command line creates the two secrets in DATA_DIR/secrets.json on first start and exports
# them; an installation of its own may set them directly.
SECRET_KEY = os.environ.get("MAPLEBRIDGE_SECRET_KEY", "")
VAULT_KEY = os.environ.get("MAPLEBRIDGE_VAULT_KEY", "")
ALLOWED_HOSTS = os.environ.get("MAPLEBRIDGE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("MAPLEBRIDGE_ORIGINS", "").split(",") if o]
# How many proxies in front of us append to X-Forwarded-For; 0 ignores the header.
TRUSTED_PROXIES = int(os.environ.get("MAPLEBRIDGE_PROXIES", "0"))
PUBLIC_URL = os.environ.get("MAPLEBRIDGE_URL", "http://127.0.0.1:8000").rstrip("/")
# Mail goes out only where a server is named; robots only to the addresses named here, so that no
# address a person types makes this server call anything else.
(
    EMAIL_HOST,
    EMAIL_PORT,
    EMAIL_HOST_USER,
    EMAIL_HOST_PASSWORD,
    EMAIL_USE_TLS,
    EMAIL_USE_SSL,
) = read_mail_server(os.environ.get("MAPLEBRIDGE_MAIL", ""))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("MAPLEBRIDGE_MAIL_FROM", "maplebridge@localhost")
ROBOTS = {
    "dingtalk": os.environ.get("MAPLEBRIDGE_DINGTALK", "https://oapi.dingtalk.com/robot/send"),
    "wecom": os.environ.get(
        "MAPLEBRIDGE_WECOM", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
    ),
    "feishu": os.environ.get("MAPLEBRIDGE_FEISHU", "https://open.feishu.cn/open-apis/bot/v2/hook"),
}

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "csp",
    "maplebridge.org",
    "maplebridge.trust",
    "maplebridge.notify",
    "maplebridge.files",
    "maplebridge.ui",
    "maplebridge.matters",
    "maplebridge.fieldwork",
    "maplebridge.mediation",
    "maplebridge.insight",
    "maplebridge.sync",
    "maplebridge.hotline",
    "maplebridge.web",
    "maplebridge.setup",
    "maplebridge.public",
    "maplebridge.field",
    "maplebridge.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "maplebridge.ui.refusals.RefusalPages",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "maplebridge.config.urls"
WSGI_APPLICATION = "maplebridge.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maplebridge.web.context.desk",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.config(
        default="postgresql://postgres@127.0.0.1/maplebridge",
        conn_max_age=600,
        conn_health_checks=False,
    )
}
# The server plans a statement once and keeps the plan: half of the cost of a small read is its
# planning. A pooler between must know prepared statements (PgBouncer does from 1.21).
DATABASES["default"].setdefault("OPTIONS", {}).update(server_side_binding=True, prepare_threshold=3)
AUTH_USER_MODEL = "org.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours: five failures lock the account for 15 minutes
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "maplebridge.web.signing.locked"
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXIES or None
LOGIN_URL = "web:sign_in"
PASSWORD_URL = "setup:password"  # noqa: S105 — where a first password is replaced, before anything opens
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:sign_in"
SESSION_COOKIE_AGE = 30 * 60  # idle sign-out after 30 minutes (MLPS level 2)
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "maplebridge" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # stored in UTC, shown in Shanghai time

STATIC_URL = "/static/"
STATIC_ROOT = BUILD_DIR / "static"
STATICFILES_DIRS = [("npm", BUILD_DIR / "npm")] if (BUILD_DIR / "npm").is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "maplebridge.ui.storage.HashedStorage"},
}
# Never changes under its name: in a `<package>@<version>/` folder, or with a hash in its name.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/[^/@]+@\d[^/]*/|\.[0-9a-f]{12}\.[0-9a-z]+$"
MEDIA_ROOT = DATA_DIR / "files"

BASE_MAP = read_base_map(
    os.environ.get("MAPLEBRIDGE_TILES", ""),
    os.environ.get("MAPLEBRIDGE_TILES_CREDIT", ""),
    os.environ.get("MAPLEBRIDGE_PMTILES", ""),
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:", *BASE_MAP.origins],
        "connect-src": [SELF, *BASE_MAP.origins],
        "worker-src": [SELF, "blob:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
