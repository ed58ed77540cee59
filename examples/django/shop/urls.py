from django.urls import path

from items import views

urlpatterns = [
    path("", views.home, name="home"),
    path("items/", views.items, name="items"),
    path("items/<int:item_id>/", views.item, name="item"),
]
