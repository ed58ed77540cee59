from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views import View, generic
from django.views.decorators.http import require_http_methods, require_POST


class Described:
    def get(self, request, *args, **kwargs):
        """Read it."""
        return HttpResponse("")


class BookList(generic.ListView):
    """All books."""


class BookDetail(generic.DetailView):
    pass


class BookCreate(generic.CreateView):
    pass


class BookUpdate(generic.UpdateView):
    http_method_names = ["get", "post"]


class BookDelete(generic.DeleteView):
    pass


@method_decorator(require_POST, name="dispatch")
class Ignored(View):
    pass


class Lend(Described, View):
    def post(self, request, slug):
        return HttpResponse("")


@require_http_methods(["GET", "POST"])
def cart(request):
    """What is in the cart."""
    return HttpResponse("")


@require_POST
def pay(request):
    return HttpResponse("")


def archive(request, year, month=None):
    return HttpResponse("")


def feed(request):
    return HttpResponse("")


def about(request):
    return HttpResponse("")
