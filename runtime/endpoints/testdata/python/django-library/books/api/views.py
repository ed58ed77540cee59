from rest_framework import generics, mixins, status, viewsets
from rest_framework.decorators import action, api_view
from rest_framework.response import Response
from rest_framework.views import APIView


class Archivable:
    @action(detail=True, methods=["post", "delete"])
    def archive(self, request, pk=None):
        """Put it away."""
        return Response()


class BookViewSet(Archivable, viewsets.ModelViewSet):
    lookup_field = "isbn"
    lookup_value_regex = "[0-9]{13}"

    @action(detail=False)
    def recent(self, request):
        return Response()

    @action(detail=True, methods=["PUT"], url_path="cover-image/(?P<size>[a-z]+)", url_name="cover")
    def cover(self, request, isbn=None, size=None):
        return Response()

    @cover.mapping.delete
    def remove_cover(self, request, isbn=None, size=None):
        return Response()


class TagViewSet(mixins.ListModelMixin, mixins.DestroyModelMixin, viewsets.GenericViewSet):
    lookup_url_kwarg = "tag"
    http_method_names = ["get", "delete"]


class OddViewSet(viewsets.ViewSet):
    def list(self, request, kind):
        return Response()


class PageViewSet(viewsets.ReadOnlyModelViewSet):
    pass


class Export(APIView):
    def get(self, request):
        """Everything in one file."""
        return Response()


class Reviews(generics.ListCreateAPIView):
    def patch(self, request):
        return Response(status=status.HTTP_200_OK)


@api_view(["GET", "PUT"])
def settings(request):
    return Response()


@api_view()
def version(request):
    return Response()
