package endpoints_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"previewd/runtime/endpoints"
)

func extract(t *testing.T, files map[string]string, opts endpoints.Options) *endpoints.Result {
	t.Helper()
	tree := fstest.MapFS{}
	for name, source := range files {
		tree[name] = &fstest.MapFile{Data: []byte(source)}
	}
	result, err := endpoints.Extract(t.Context(), tree, opts)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// lines are endpoints as "GET /x", the framework's own marked.
func lines(result *endpoints.Result) string {
	var all []string
	for _, e := range result.Endpoints {
		if !e.Builtin {
			all = append(all, e.Method+" "+e.Path)
		}
	}
	return strings.Join(all, "\n")
}

const fastAPI = "from fastapi import FastAPI, APIRouter\n"

// TestPythonHostile runs programs that would never end, or that never end by calling themselves. What was found until
// then is told, with a warning.
func TestPythonHostile(t *testing.T) {
	for name, source := range map[string]string{
		"recursion": "def f(n):\n  return f(n + 1)\nf(0)\n",
		"two":       "def f():\n  return g()\ndef g():\n  return f() + g()\nf()\n",
		"loops":     "for a in range(999):\n  for b in range(999):\n    for c in range(999):\n      pass\n",
		"growing":   "a = 'x' * 1\nfor i in range(400):\n  a = a + a + 'x'\n",
		"lists":     "a = [1]\nfor i in range(400):\n  a += a\n",
		"inside":    "r = APIRouter()\nr.include_router(r)\n",
		"self":      "import main\nfrom main import *\n",
		"class":     "class A(A):\n  pass\nclass A(A):\n  x = A()\n",
		"nested":    "x = " + strings.Repeat("(", 5000) + strings.Repeat(")", 5000) + "\n",
		"chain":     "x = a" + strings.Repeat(".b()", 20_000) + "\n",
		"model":     "from pydantic import BaseModel\nclass M(BaseModel):\n  a: 'M'\n  b: list['M']\n@app.post('/m')\ndef m(x: M): ...\n",
		"string":    "x = '" + strings.Repeat("{", 100_000) + "'.format(1)\n",
	} {
		t.Run(name, func(t *testing.T) {
			result := extract(t, map[string]string{"main.py": fastAPI + "app = FastAPI()\n@app.get('/first')\ndef first(): ...\n" + source}, endpoints.Options{})
			if !strings.Contains(lines(result), "GET /first") {
				t.Errorf("lost what stood before: %s, warnings %v", lines(result), result.Warnings)
			}
		})
	}
}

// TestPythonBroken reads what is around code that is no Python.
func TestPythonBroken(t *testing.T) {
	result := extract(t, map[string]string{
		"main.py":  fastAPI + "from bad import router\napp = FastAPI()\napp.include_router(router)\ndef (:\n  ]\n@app.get('/x')\ndef x(): ...\n",
		"bad.py":   "\xff\xfe\x00",
		"utf16.py": "\xff\xfea\x00=\x001\x00",
	}, endpoints.Options{})
	if got := lines(result); got != "GET /x" {
		t.Errorf("endpoints: %s", got)
	}
	if len(result.Warnings) != 1 || result.Warnings[0].File != "main.py" || result.Warnings[0].Line != 4 {
		t.Errorf("warnings: %v", result.Warnings)
	}
}

// TestPythonCommand takes the app that the command names where there are several.
func TestPythonCommand(t *testing.T) {
	files := map[string]string{
		"svc/one.py": fastAPI + "app = FastAPI()\n@app.get('/one')\ndef one(): ...\n",
		"svc/two.py": fastAPI + "def make():\n  app = FastAPI()\n  @app.get('/two')\n  def two(): ...\n  return app\n",
	}
	for command, want := range map[string]string{
		"":                                 "GET /one\nGET /two",
		"uvicorn one:app --port 8000":      "GET /one",
		"uvicorn --factory two:make":       "GET /two",
		"gunicorn 'two:make()' -b 0.0.0.0": "GET /two",
		"uvicorn none:app":                 "GET /one\nGET /two",
	} {
		if got := lines(extract(t, files, endpoints.Options{Root: "svc", Command: command})); got != want {
			t.Errorf("%q: %s", command, got)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := endpoints.Extract(ctx, fstest.MapFS{}, endpoints.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

// TestPythonForms holds single forms to what they register.
func TestPythonForms(t *testing.T) {
	for i, c := range []struct{ source, want string }{
		{"r = APIRouter(prefix='/a')\nfor m in dir(r): pass\nr.add_api_route('/b', lambda: 1)\napp.include_router(prefix='/p', router=r)", "GET /p/a/b"},
		{"import os\nP = os.getenv('P', '/v' + str(1))\napp.get(P + '/x')(print)", "GET /v1/x"},
		{"class S:\n  BASE = '/s'\n  @staticmethod\n  def at(x): return S.BASE + x\n@app.get(S.at('/x'))\ndef f(): ...", "GET /s/x"},
		{"try:\n  import nothing\n  P = '/a'\nexcept ImportError:\n  P = '/b'\n@app.get(P)\ndef f(): ...", "GET /a"},
		{"x = None\nif x:\n  app.get('/no')(print)\nelif unknown:\n  app.get('/maybe')(print)\nelse:\n  app.get('/yes')(print)", "GET /maybe\nGET /yes"},
		{"P = {'a': ['/x', '/y']}\nfor k, v in P.items():\n  for i, p in enumerate(v):\n    app.get('/{}{}'.format(k, p))(print)", "GET /a/x\nGET /a/y"},
		{"@app.api_route('/x', methods=['get', 'POST'])\nasync def f(): ...\n@app.websocket('/w')\nasync def w(): ...", "GET /x\nPOST /x"},
		{"def route(path):\n  def inner(fn):\n    app.post(path)(fn)\n    return fn\n  return inner\n@route('/deco')\ndef f(): ...", "POST /deco"},
		{"from functools import partial\nget = partial(app.get, '/p')\n@get()\ndef f(): ...", "GET /p"},
		{"class V:\n  def __init__(self, app):\n    for name in ('a', 'b'):\n      app.add_api_route('/' + name, getattr(self, name))\n  def a(self): ...\n  def b(self): ...\nV(app)", "GET /a\nGET /b"},
		{"with open('x') as f:\n  app.get('/w')(print)\nmatch 1:\n  case 1:\n    app.get('/m')(print)", "GET /m\nGET /w"},
		{"[app.get('/' + x)(print) for x in ['a', 'b', 'c'] if x != 'b']", "GET /a\nGET /c"},
		{"P = ('/tu' 'ple')\na, *b = '/1', '/2', '/3'\nfor p in (P, a, *b): app.get(p)(print)", "GET /1\nGET /2\nGET /3\nGET /tuple"},
		{"from enum import Enum\nclass E(str, Enum):\n  A = '/e'\napp.get(E.A.value)(print)\napp.get(f'{E.A.value}{{id}}')(print)", "GET /e\nGET /e{id}"},
		{"app.get('//double/{id:int}')(print)", "GET /double/{id}"},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			got := lines(extract(t, map[string]string{"main.py": fastAPI + "app = FastAPI()\n" + c.source + "\n"}, endpoints.Options{}))
			if got != c.want {
				t.Errorf("%s\ngot:\n%s\nwant:\n%s", c.source, got, c.want)
			}
		})
	}
}
