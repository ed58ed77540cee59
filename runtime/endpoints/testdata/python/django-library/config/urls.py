from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path, re_path
from django.views.generic import RedirectView, TemplateView

from books import views
from books.api.urls import router

shop_patterns = [
    path("cart/", views.cart, name="cart"),
    path("pay/", views.pay),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", TemplateView.as_view(template_name="home.html"), name="home"),
    path("old/", RedirectView.as_view(url="/")),
    path("login/", auth_views.LoginView.as_view()),
    path("shop/", include(shop_patterns)),
    path("books/", include(("books.urls", "books"), namespace="books")),
    path("people/", include("people.urls")),
    re_path(r"^archive/(?P<year>[0-9]{4})/(?:(?P<month>\d+)/)?$", views.archive),
    re_path(r"^feed\.xml$", views.feed),
    path("api/", include(router.urls)),
    path("auth/", include("django.contrib.auth.urls")),
]
urlpatterns += i18n_patterns(path("about/", views.about))
if settings.EXTRA:
    urlpatterns += [path("extra/", views.about)]
