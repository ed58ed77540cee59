from django.contrib.auth.decorators import login_required
from django.urls import path
from django.views.decorators.cache import cache_page
from django.views.decorators.csrf import csrf_exempt

from . import views

app_name = "books"
urlpatterns = [
    path("", views.BookList.as_view(), name="list"),
    path("new/", login_required(views.BookCreate.as_view())),
    path("<int:pk>/", views.BookDetail.as_view()),
    path("<int:pk>/edit/", views.BookUpdate.as_view()),
    path("<int:pk>/delete/", views.BookDelete.as_view()),
    path("<slug:slug>/lend/", csrf_exempt(views.Lend.as_view())),
    path("cached/", cache_page(60)(views.cart)),
]
