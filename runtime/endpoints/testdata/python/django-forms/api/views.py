from rest_framework import viewsets, views, mixins
from rest_framework.decorators import action
class Base(viewsets.GenericViewSet, mixins.ListModelMixin): pass
class A(Base):
    @action(['get', 'put'], True)
    def me(self, r): pass
    @action(methods=['delete'], detail=False, url_path=r'x/(?P<y>\d+)')
    def z(self, r): pass
class B(viewsets.ModelViewSet):
    lookup_field = 'slug'
    create = None
class X(views.APIView):
    def get(self, r): pass
    post = get
