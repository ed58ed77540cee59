from django.urls import path
from .views import *
from . import views as v
urlpatterns = [
    path('', index, name='x'),
    path('c/', Cart.as_view()),
    path('w/', v.wrapped),
    path('m/', v.Multi.as_view({'get': 'list', 'post': 'create'})),
    path('d/<int:pk>', v.Detail.as_view(), {'a': 1}),
]
