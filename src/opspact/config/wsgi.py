"""The WSGI entry that granian serves, and nothing else."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from opspact.runtime.privileges import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opspact.config.settings")
die_with_parent()  # a worker must not outlive its master and keep the port
application = get_wsgi_application()
