from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from items.models import Item


@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        Item.objects.create(name=request.POST["name"], price=request.POST["price"])
        return redirect("home")
    return render(request, "items/home.html", {"items": Item.objects.order_by("id")})


@require_GET
def items(_: HttpRequest) -> JsonResponse:
    return JsonResponse({"items": [item.as_dict() for item in Item.objects.order_by("id")]})


@require_GET
def item(_: HttpRequest, item_id: int) -> JsonResponse:
    return JsonResponse(get_object_or_404(Item, pk=item_id).as_dict())
