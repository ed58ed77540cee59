from rest_framework import routers
from rest_framework_nested.routers import NestedSimpleRouter

from . import views

router = routers.DefaultRouter()
router.register(r"books", views.BookViewSet, basename="book")
router.register(r"tags", views.TagViewSet, basename="tag")
router.register("odd/(?P<kind>[a-z]+)", views.OddViewSet, basename="odd")

pages = NestedSimpleRouter(router, r"books", lookup="book")
pages.register(r"pages", views.PageViewSet, basename="page")
