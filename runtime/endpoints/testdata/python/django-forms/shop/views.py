from django.views.generic import *
from django.views import View
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import render
from rest_framework.viewsets import ModelViewSet, ViewSet
from rest_framework.generics import *
from rest_framework.decorators import *
import functools
def deco(f):
    @functools.wraps(f)
    def inner(request, *a, **k):
        return f(request, *a, **k)
    return inner
def index(request): pass
class Cart(LoginRequiredMixin, CreateView): pass
@deco
@api_view(['POST'])
@permission_classes([])
def wrapped(request): pass
class Multi(ViewSet):
    def list(self, r): pass
    def create(self, r): pass
class Detail(RetrieveUpdateDestroyAPIView):
    http_method_names = ['get', 'patch', 'delete']
