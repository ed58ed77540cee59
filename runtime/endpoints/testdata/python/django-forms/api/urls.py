from django.urls import include, path
from rest_framework.routers import DefaultRouter
from api import views
class NoSlash(DefaultRouter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.trailing_slash = ''
router = NoSlash()
for prefix, vs in (('a', views.A), ('b', views.B)):
    router.register(prefix, vs, basename=prefix)
urlpatterns = router.urls + [path('x', views.X.as_view())]
urlpatterns += [path('inc/', include((router.urls, 'n')))]
