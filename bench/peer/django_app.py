"""django-phone-verify on Django, set up as its documentation says; a WSGI application for gunicorn. PEER_DATABASE names its file."""

import os

import django
from django.conf import settings
from django.db.backends.signals import connection_created

settings.configure(
    SECRET_KEY="a secret that is only for measuring, long enough",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["PEER_DATABASE"], "CONN_MAX_AGE": None}},
    INSTALLED_APPS=["django.contrib.contenttypes", "rest_framework", "phone_verify"],
    # Of the middleware of a new project only what gives an answer its length.
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    },
    PHONE_VERIFICATION={
        "BACKEND": "django_backend.SilentBackend",
        "OPTIONS": {},
        "TOKEN_LENGTH": 6,
        "MESSAGE": "Welcome to {app}! Please use security code {security_code} to proceed.",
        "APP_NAME": "Phone Verify",
        "SECURITY_CODE_EXPIRATION_SECONDS": 3600,
        "VERIFY_SECURITY_CODE_ONLY_ONCE": True,
    },
)


def configure_sqlite(connection, **_):
    # Not in its documentation, and in its favour: without these every commit waits for the disk twice.
    connection.cursor().execute("PRAGMA journal_mode = WAL")
    connection.cursor().execute("PRAGMA synchronous = NORMAL")


connection_created.connect(configure_sqlite)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402
from phone_verify.api import VerificationViewSet  # noqa: E402
from rest_framework.routers import DefaultRouter  # noqa: E402

router = DefaultRouter(trailing_slash=False)
router.register("phone", VerificationViewSet, basename="phone")
urlpatterns = [path("api/", include(router.urls))]
call_command("migrate", verbosity=0)
application = get_wsgi_application()
