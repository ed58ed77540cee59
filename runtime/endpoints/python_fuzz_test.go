package endpoints_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"previewd/runtime/endpoints"
)

// FuzzPython reads broken Python as a program, as a module of one, and as Django's urls: it has to come back.
func FuzzPython(f *testing.F) {
	names, err := filepath.Glob("testdata/python/*/*.py")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(source)
	}
	for _, source := range []string{
		"from fastapi import FastAPI\napp = FastAPI()\nwhile True:\n  app.include_router(app)\n",
		"def f(x=f()):\n  return f(f)\nf(f(f))\nclass A(A): pass\n",
		"import main\nfrom . import *\nfrom main import *\nx = x + x\nx += [x]\n",
		"a = 'x'\nfor i in range(999):\n  a = a + a\n  b = [a] * 999\n",
		"from django.urls import *\nurlpatterns = [path(f'{{{', include(urlpatterns))]\n",
	} {
		f.Add([]byte(source))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		files := fstest.MapFS{
			"main.py":     {Data: source},
			"urls.py":     {Data: source},
			"settings.py": {Data: []byte("ROOT_URLCONF = 'urls'\nfrom main import *\n")},
			"app.py":      {Data: []byte("from fastapi import FastAPI\nfrom main import *\napp = FastAPI()\napp.include_router(router)\n")},
		}
		result, err := endpoints.Extract(t.Context(), files, endpoints.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range result.Endpoints {
			if e.Path == "" || e.Path[0] != '/' || e.Method == "" {
				t.Errorf("endpoint %q %q", e.Method, e.Path)
			}
		}
	})
}
