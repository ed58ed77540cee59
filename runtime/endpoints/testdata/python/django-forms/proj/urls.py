from django.contrib import admin
from django.conf import settings
from django.conf.urls.static import static
from django.urls import path, include, re_path
from django.utils.translation import gettext_lazy as _
from rest_framework.authtoken.views import obtain_auth_token
from . import views

api_patterns = ([
    path('', include('api.urls')),
    path('auth-token/', obtain_auth_token),
], 'api')
urlpatterns = [
    path(_('translated/'), views.index),
    path(settings.API_PREFIX, include(api_patterns)),
    re_path(r'^v(?P<n>\d+)/legacy$', views.index),
    *[path(f'{app}/', include(urls)) for app, urls in settings.LOCAL_APPS.items()],
] + static(settings.MEDIA_URL, document_root='x')
if settings.DEBUG:
    urlpatterns += [path('debug/', views.index)]
handler404 = views.index
