"""Django's settings. What differs between installations comes from the environment, which `opspact.runtime` fills in.

OPSPACT_DATABASE_URL  the database as the role the program runs as (required)
OPSPACT_DATABASE_OWNER_URL  the same as the owner of the tables, for migrations only
OPSPACT_DATA          the data directory
OPSPACT_ORIGIN        the address under which people reach the site, e.g. https://ops.example:8000
OPSPACT_REQUIRE_TOTP  "0" when administrators and service managers need no second factor, as in the demo
OPSPACT_IDLE_LOGOUT_S seconds until an unused session ends, at most 900
OPSPACT_BEHIND_PROXY  "1" when a proxy in front of us serves TLS and sets X-Forwarded-Proto
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("OPSPACT_DATA", "/var/lib/opspact"))


def database(url: str) -> dict[str, object]:
    """A postgresql:// address as Django's DATABASES entry."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**dict(parse_qsl(parts.query)), "pool": {"min_size": 1, "max_size": 12, "timeout": 20}},
    }


def secret_key() -> str:
    """The installation's key, from the data directory; migrations and tests without one use a key of the process."""
    stored = DATA / "secrets" / "django.key"
    return stored.read_text() if stored.is_file() else os.urandom(32).hex()


_owner = os.environ.get("OPSPACT_AS_OWNER") == "1"
_url = os.environ.get("OPSPACT_DATABASE_OWNER_URL" if _owner else "OPSPACT_DATABASE_URL", "")
DATABASES = {"default": database(_url or "postgresql:///opspact")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = ["*"]  # the origin is checked by CSRF_TRUSTED_ORIGINS; no page builds a link from the Host header

ROOMS = [
    "identity",
    "kit",
    "accounts",
    "contracts",
    "field",
    "assets",
    "servicedesk",
    "monitoring",
    "fulfilment",
    "reports",
    "demo",
    "api",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "procrastinate.contrib.django",
    *(f"opspact.{room}" for room in ROOMS if (PACKAGE / room / "apps.py").is_file()),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "ninja",  # for its own copy of the pages that show the API; without it they load scripts from elsewhere
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "opspact.kit.transport.BodyLimitMiddleware",
    "opspact.kit.transport.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "opspact.kit.middleware.CookieLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "opspact.accounts.middleware.FirstRunMiddleware",
    "opspact.accounts.middleware.SessionClockMiddleware",
    "opspact.accounts.middleware.DueFirstMiddleware",
    "opspact.kit.middleware.DefaultDenyMiddleware",
]

ROOT_URLCONF = "opspact.config.urls"
WSGI_APPLICATION = "opspact.config.wsgi.application"
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
                "opspact.kit.context.page",
            ],
        },
    }
]

FORM_RENDERER = "opspact.kit.shown.controls.PythonRenderer"

# People
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# GB/T 22239-2019 8.1.4.1 a; the figures are in opspact.accounts.policy.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "opspact.accounts.validators.ClassesValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "opspact.accounts.validators.HistoryValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "opspact.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # for allauth's own check; nobody signs up
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "opspact.accounts.forms.sign_in.SignInForm",
    "reauthenticate": "opspact.accounts.forms.sign_in.AgainForm",
    "change_password": "opspact.accounts.forms.sign_in.NewPasswordForm",
}
# Failures on a name are counted by opspact.accounts.lockout; this only slows down an address that tries many names.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": ""}
MFA_ADAPTER = "opspact.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "opspact.accounts.forms.sign_in.SecondFactorForm",
    "reauthenticate": "opspact.accounts.forms.sign_in.SecondFactorAgainForm",
    "activate_totp": "opspact.accounts.forms.sign_in.SetUpSecondFactorForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "OpsPact"
MFA_TOTP_TOLERANCE = 1  # half a minute of drift either way: telephones are not synchronised by us
# Required unless this is the demo (which marks its data directory) or the setting says otherwise.
REQUIRE_SECOND_FACTOR = os.environ.get("OPSPACT_REQUIRE_TOTP", "0" if (DATA / "demo").exists() else "1") == "1"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "opspact_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# GB/T 22239-2019 8.1.4.1 b asks for a limit; more than 15 minutes is not to be had.
IDLE_LOGOUT_S = min(int(os.environ.get("OPSPACT_IDLE_LOGOUT_S", 15 * 60)), 15 * 60)
CSRF_COOKIE_HTTPONLY = True

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kit_cache"}}

# Transport
ORIGIN = os.environ.get("OPSPACT_ORIGIN", "http://127.0.0.1:8000")
BEHIND_PROXY = os.environ.get("OPSPACT_BEHIND_PROXY") == "1"
_secure = ORIGIN.startswith("https://") or BEHIND_PROXY
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
CSRF_TRUSTED_ORIGINS = [ORIGIN]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# Words and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "opspact_language"
FILTERS_EMPTY_CHOICE_LABEL = _("All")
LOCALE_PATHS = [PACKAGE / room / "locale" for room in ("core", "probes")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["terminal"], "level": "INFO"},
    "loggers": {"procrastinate": {"level": "WARNING"}, "httpx": {"level": "WARNING"}},
}
