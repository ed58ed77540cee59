import os, sys
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse
from django.urls import path
from visits import visit

settings.configure(DEBUG=True, SECRET_KEY="x", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])


def broken(request):
    raise RuntimeError("no answer")


urlpatterns = [path("", lambda request: HttpResponse("ok")), path("broken", broken)]
visit(8000, "/", "/missing", "/broken", "/")
execute_from_command_line(["manage.py", "runserver", "--noreload", "8000"])
