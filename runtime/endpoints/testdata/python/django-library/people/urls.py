from django.urls import include, path

from books.api import views
from books.api.urls import pages

nested = [path("export/", views.Export.as_view()), path("reviews/", views.Reviews.as_view())]

urlpatterns = [
    path("<uuid:person>/", include(nested)),
    path("settings", views.settings),
    path("version", views.version),
] + pages.urls
