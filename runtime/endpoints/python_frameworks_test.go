package endpoints_test

import (
	"testing"

	"previewd/runtime/endpoints"
)

// TestPythonFrameworks holds forms that the corpus cannot have, because the packages or versions they need are old or many.
func TestPythonFrameworks(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"django 1.x": {
			map[string]string{
				"manage.py":        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n",
				"site/settings.py": "ROOT_URLCONF = 'site.urls'\nDEBUG = True\n",
				"site/urls.py": "from django.conf.urls import patterns, include, url\nfrom django.conf import settings\nurlpatterns = patterns('shop.views',\n  url(r'^$', 'home'),\n  url(r'^x/(\\d+)/$', 'item', name='x'),\n)\n" +
					"urlpatterns += patterns('', url(r'^s/', include('shop.urls')), ('^t/$', 'shop.views.home'))\nif settings.DEBUG:\n  urlpatterns += patterns('', url(r'^d/$', 'shop.views.home'))\n",
				"shop/views.py": "def home(request): pass\ndef item(request, n): pass\n",
				"shop/urls.py":  "from django.conf.urls.defaults import *\nfrom shop import views\nurlpatterns = patterns('', url('^a$', views.home))\n",
			},
			"* /\n* /d/\n* /s/a\n* /t/\n* /x/{arg0}/",
		},
		"packages of django": {
			map[string]string{
				"settings.py": "ROOT_URLCONF = 'urls'\n",
				"urls.py": "from django.urls import path, include\nfrom django.contrib import admin\nfrom django.views.generic import TemplateView, RedirectView\nfrom rest_framework_simplejwt.views import TokenObtainPairView\nfrom drf_spectacular.views import SpectacularAPIView\n" +
					"urlpatterns = [path('admin/', admin.site.urls), path('a/', include('rest_framework.urls')), path('j/', include('djoser.urls.jwt')), path('t/', TokenObtainPairView.as_view()),\n" +
					"  path('schema/', SpectacularAPIView.as_view()), path('h/', TemplateView.as_view(template_name='x')), path('u/', include('allauth.socialaccount.urls')), path('n/', include('unknown.urls'))]\n",
			},
			"GET /a/login/\nPOST /a/login/\nPUT /a/login/\nPOST /a/logout/\nGET /h/\nPOST /j/jwt/create/\nPOST /j/jwt/refresh/\nPOST /j/jwt/verify/\nPOST /t/\n" +
				"GET /u/\nPOST /u/\nPUT /u/\nGET /u/login/cancelled/\nGET /u/login/error/\nGET /u/signup/\nPOST /u/signup/\nPUT /u/signup/",
		},
		"a package for other projects": {
			map[string]string{
				"poll/urls.py":      "from django.urls import path, include\nfrom . import views\nurlpatterns = [path('p/', views.p), path('q/', include('poll.more_urls'))]\n",
				"poll/more_urls.py": "from django.urls import path\nfrom .views import p\nurlpatterns = [path('m/', p)]\n",
				"poll/views.py":     "def p(request): pass\n",
			},
			"* /p/\n* /q/m/",
		},
		"urls that include themselves": {
			map[string]string{
				"settings.py": "ROOT_URLCONF = 'urls'\n",
				"urls.py":     "from django.urls import path, include\nurlpatterns = [path('x', lambda r: r), path('again/', include('urls'))]\n",
			},
			"* /x",
		},
		"django ninja": {
			map[string]string{
				"settings.py": "ROOT_URLCONF = 'urls'\n",
				"urls.py":     "from django.urls import path\nfrom ninja import NinjaAPI\nfrom items import router\napi = NinjaAPI()\napi.add_router('/items', router)\napi.add_router('/named/', 'items.router')\n@api.get('/ping')\ndef ping(request): ...\n@api.api_operation(['PUT', 'PATCH'], '/both')\ndef both(request): ...\nurlpatterns = [path('api/', api.urls)]\n",
				"items.py":    "from ninja import Router\nrouter = Router()\n@router.post('/{int:id}')\ndef one(request, id: int): ...\n",
			},
			"PATCH /api/both\nPUT /api/both\nPOST /api/items/{id}\nPOST /api/named/{id}\nGET /api/ping",
		},
		"fastapi-users": {
			map[string]string{"main.py": fastAPI + "from fastapi_users import FastAPIUsers\nu = FastAPIUsers(None, [])\napp = FastAPI()\napp.include_router(u.get_auth_router(None), prefix='/auth')\napp.include_router(u.get_verify_router(1), prefix='/auth')\n"},
			"POST /auth/login\nPOST /auth/logout\nPOST /auth/request-verify-token\nPOST /auth/verify",
		},
		"a server as a class": {
			map[string]string{"server.py": "import fastapi\nclass Server:\n  def __init__(self):\n    self.app = fastapi.FastAPI()\n    self.router = fastapi.APIRouter(prefix='/r')\n  def routes(self):\n    self.router.add_api_route('/x', self.x, methods=['GET'])\n    self.app.include_router(self.router)\n  def x(self): ...\n"},
			"GET /r/x",
		},
		"factories that nobody calls": {
			map[string]string{
				"pkg/__init__.py": "from flask import Flask\ndef inner(name):\n  return Flask(name)\ndef create_app(config=None):\n  app = inner(__name__)\n  from pkg import views\n  views.init(app)\n  return app\n",
				"pkg/views.py":    "def init(app):\n  app.add_url_rule('/v', 'v', view_func=lambda: '')\n",
			},
			"GET /v",
		},
		"starlette by decorators": {
			map[string]string{"app.py": "from starlette.applications import Starlette\nfrom starlette.routing import Route, Mount\napp = Starlette()\n@app.route('/a', methods=['POST'])\nasync def a(r): ...\napp.add_route('/b', a)\napp.routes.append(Route('/c', a))\napp.mount('/m', Starlette(routes=[Route('/d', a)]))\n@app.on_event('startup')\nasync def late():\n  app.add_route('/late', a)\n@app.websocket_route('/w')\nasync def w(s): ...\n"},
			"POST /a\nGET /b\nGET /c\nGET /late\nGET /m/d",
		},
		"an overridden add_api_route": {
			map[string]string{"main.py": fastAPI + "class R(APIRouter):\n  def add_api_route(self, path, endpoint, **kw):\n    if path.endswith('/'): path = path[:-1]\n    super().add_api_route(path + '/', endpoint, **kw)\nr = R()\n@r.get('/x')\ndef x(): ...\napp = FastAPI()\napp.include_router(r)\n"},
			"GET /x/",
		},
		"examples beside the app": {
			map[string]string{
				"app.py":          "from flask import Flask\napp = Flask(__name__)\n@app.get('/')\ndef i(): ...\n",
				"examples/app.py": "from flask import Flask\napp = Flask(__name__)\n@app.get('/example')\ndef i(): ...\n",
			},
			"GET /",
		},
		"paths of pathlib": {
			map[string]string{
				"main.py": fastAPI + "import importlib, importlib.util, os\nfrom pathlib import Path\napp = FastAPI()\nHERE = Path(__file__).resolve().parent\nfor f in sorted((HERE / 'deep').rglob('*_routes.py')):\n  name = '.'.join(f.relative_to(HERE).with_suffix('').parts)\n  app.include_router(importlib.import_module(name).router, prefix='/' + f.stem)\n" +
					"for f in (HERE / 'flat').iterdir():\n  if f.name.endswith('.py') and f.suffix == '.py' and f.exists():\n    spec = importlib.util.spec_from_file_location('m', HERE.joinpath('flat', f.name))\n    app.include_router(importlib.util.module_from_spec(spec).router)\n" +
					"for name in os.listdir('flat'):\n  app.get('/' + os.path.splitext(name)[0])(print)\nif os.path.isdir('deep') and not os.path.exists('nothing') and os.path.isfile('main.py'):\n  app.get('/isdir')(print)\n",
				"deep/__init__.py": "", "deep/a/__init__.py": "", "deep/a/x_routes.py": fastAPI + "router = APIRouter()\n@router.get('/x')\ndef x(): ...\n",
				"flat/f.py": fastAPI + "router = APIRouter()\n@router.get('/y')\ndef y(): ...\n",
			},
			"GET /f\nGET /isdir\nGET /x_routes/x\nGET /y",
		},
		"settings of libraries": {
			map[string]string{"main.py": fastAPI + "import environ, decouple\nfrom starlette.config import Config\nfrom environs import Env\nenv = environ.Env(ROOT=(str, '/root'))\nc = Config('.env')\napp = FastAPI()\n" +
				"for p in (env('ROOT'), env.str('A', default='/a'), env('B', '/b'), decouple.config('C', default='/c'), c('D', cast=str, default='/d'), Env().str('E', '/e')): app.get(p)(print)\n"},
			"GET /a\nGET /b\nGET /c\nGET /d\nGET /e\nGET /root",
		},
		"flask's config": {
			map[string]string{
				"app.py":    "from flask import Flask, Blueprint, current_app\napp = Flask(__name__)\napp.config.from_object('config.Live')\napp.config.from_mapping(B='/b')\napp.config.update({'C': '/c'}, D='/d')\napp.config['E'] = '/e'\nfor k in 'A B C D E'.split(): app.add_url_rule(app.config[k], k, print)\napp.add_url_rule(app.config.get('Z', '/z'), 'z', print)\nbp = Blueprint('x', __name__)\nbp.url_prefix = '/late'\n@bp.before_request\ndef before(): ...\n@bp.app_errorhandler(404)\ndef gone(e): ...\n@bp.route(f'/{bp.name}', methods='GET,POST'.split(','))\ndef x(): ...\napp.register_blueprint(bp)\n",
				"config.py": "class Base:\n  A = '/a'\nclass Live(Base):\n  DEBUG = False\n",
			},
			"GET /a\nGET /b\nGET /c\nGET /d\nGET /e\nGET /late/x\nPOST /late/x\nGET /z",
		},
		"routers of django rest framework": {
			map[string]string{
				"settings.py": "ROOT_URLCONF = 'urls'\nREST = {'PREFIX': 'api'}\n",
				"urls.py":     "from django.conf import settings\nfrom django.urls import include, path\nfrom rest_framework.routers import DefaultRouter, SimpleRouter\nfrom rest_framework import viewsets\nfrom unknown.views import UserViewSet\nclass A(viewsets.ReadOnlyModelViewSet): ...\none = SimpleRouter(trailing_slash=False)\none.register('a', A)\ntwo = DefaultRouter()\ntwo.include_root_view = False\ntwo.registry.extend(one.registry)\ntwo.register('users', UserViewSet)\nurlpatterns = [path('one/', include(one.urls)), path(settings.REST['PREFIX'] + '/', include((two.get_urls(), 'x')))]\n",
			},
			"GET /api/a/\nGET /api/a/{pk}/\nGET /api/users/\nPOST /api/users/\nDELETE /api/users/{pk}/\nGET /api/users/{pk}/\nPATCH /api/users/{pk}/\nPUT /api/users/{pk}/\nGET /one/a\nGET /one/a/{pk}",
		},
		"allauth": {
			map[string]string{
				"settings.py": "ROOT_URLCONF = 'urls'\n",
				"urls.py":     "from django.urls import include, path\nurlpatterns = [path('a/', include('allauth.account.urls')), path('i/', include('django.conf.urls.i18n')), path('r/', include('dj_rest_auth.urls')), path('k/', include('djoser.urls.authtoken'))]\n",
			},
			"* /a/confirm-email/\nGET /a/confirm-email/{key}/\nPOST /a/confirm-email/{key}/\nGET /a/email/\nPOST /a/email/\nPUT /a/email/\nGET /a/inactive/\nGET /a/login/\nPOST /a/login/\nPUT /a/login/\n" +
				"GET /a/login/code/confirm/\nPOST /a/login/code/confirm/\nPUT /a/login/code/confirm/\nGET /a/logout/\nPOST /a/logout/\nGET /a/password/change/\nPOST /a/password/change/\nPUT /a/password/change/\n" +
				"GET /a/password/reset/\nPOST /a/password/reset/\nPUT /a/password/reset/\nGET /a/password/reset/done/\nGET /a/password/reset/key/done/\nGET /a/password/reset/key/{uidb36}-{key}/\n" +
				"POST /a/password/reset/key/{uidb36}-{key}/\nPUT /a/password/reset/key/{uidb36}-{key}/\nGET /a/password/set/\nPOST /a/password/set/\nPUT /a/password/set/\nGET /a/reauthenticate/\n" +
				"POST /a/reauthenticate/\nPUT /a/reauthenticate/\nGET /a/signup/\nPOST /a/signup/\nPUT /a/signup/\n* /i/setlang/\nPOST /k/token/login/\nPOST /k/token/logout/\n" +
				"POST /r/login/\nGET /r/logout/\nPOST /r/logout/\nPOST /r/password/change/\nPOST /r/password/reset/\nPOST /r/password/reset/confirm/\nGET /r/user/\nPATCH /r/user/\nPUT /r/user/",
		},
		"routes of a class of one's own": {
			map[string]string{"main.py": "from starlette.applications import Starlette\nfrom starlette.routing import Route\nclass R(Route):\n  def __init__(self, path, endpoint, methods=None):\n    self.path, self.endpoint, self.methods = path, endpoint, methods\nasync def a(r): ...\napp = Starlette(routes=[R('/a', a, ['PUT'])])\n"},
			"PUT /a",
		},
		"aiohttp": {
			map[string]string{"main.py": "from aiohttp import web\nroutes = web.RouteTableDef()\n@routes.get('/a/{id}')\nasync def a(r): ...\n@routes.view('/v')\nclass V(web.View):\n  async def get(self): ...\n  async def delete(self): ...\n" +
				"def init():\n  app = web.Application()\n  app.add_routes(routes)\n  app.add_routes([web.post('/b', a), web.route('PUT', '/c', a)])\n  app.router.add_get('/d', a)\n  app.router.add_route('*', '/e', a)\n  sub = web.Application()\n  sub.router.add_view('/v', V)\n  app.add_subapp('/sub/', sub)\n  return app\nif __name__ == '__main__':\n  web.run_app(init())\n"},
			"GET /a/{id}\nPOST /b\nPUT /c\nGET /d\n* /e\nDELETE /sub/v\nGET /sub/v\nDELETE /v\nGET /v",
		},
		"sanic": {
			map[string]string{"server.py": "from sanic import Sanic, Blueprint\nfrom sanic.views import HTTPMethodView\napp = Sanic('x')\none, two = Blueprint('one', url_prefix='/one'), Blueprint('two')\nclass V(HTTPMethodView):\n  async def get(self, r): ...\n  async def post(self, r): ...\n@one.get('/a/<id:int>')\nasync def a(r, id): ...\n@two.route('/b', methods=['PUT'])\nasync def b(r): ...\napp.add_route(V.as_view(), '/v')\napp.blueprint(Blueprint.group(one, two, url_prefix='/api'))\n@app.websocket('/ws')\nasync def ws(r, s): ...\n"},
			"PUT /api/b\nGET /api/one/a/{id}\nGET /v\nPOST /v",
		},
		"tornado": {
			map[string]string{"app.py": "import tornado.web\nfrom tornado.web import url\nclass H(tornado.web.RequestHandler):\n  def get(self, id=None): ...\n  async def post(self): ...\nclass App(tornado.web.Application):\n  def __init__(self):\n    handlers = [(r'/', H), url(r'/x/(?P<id>[0-9]+)/?', H)]\n    super().__init__(handlers, debug=True)\ndef main():\n  App().listen(8000)\nif __name__ == '__main__':\n  main()\n"},
			"GET /\nPOST /\nGET /x/{id}/\nPOST /x/{id}/",
		},
		"only examples": {
			map[string]string{"examples/app.py": "from flask import Flask\napp = Flask(__name__)\n@app.get('/example')\ndef i(): ...\n"},
			"GET /example",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := lines(extract(t, c.files, endpoints.Options{})); got != c.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}
