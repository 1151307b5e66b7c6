"""How the parts are wired: settings, URLs, Celery, WSGI, embedded servers, API-wide conventions."""
