package shim_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// python runs a program with the fix-ups on its path, as in a preview.
func python(t *testing.T, interpreter, program string, env ...string) string {
	t.Helper()
	fixups, err := filepath.Abs("fixups/python")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.Command(interpreter, "-c", program)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "PYTHONPATH="+fixups, "PORT=3007", "PREVIEW_ORIGINS=")
	for _, kv := range env {
		if path, ok := strings.CutPrefix(kv, "PYTHONPATH+="); ok {
			kv = "PYTHONPATH=" + fixups + ":" + path
		}
		cmd.Env = append(cmd.Env, kv)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

func needPython(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("python3")
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal("needs python3: ", err)
	case err != nil:
		t.Skip("needs python3: ", err)
	}
	return path
}

// needDjango makes an environment with a real Django, kept in the user's cache folder.
func needDjango(t *testing.T) string {
	t.Helper()
	base := needPython(t)
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	venv := filepath.Join(cache, "previewd-shimtest", "django-5.2")
	interpreter := filepath.Join(venv, "bin", "python")
	if exec.Command(interpreter, "-c", "import django").Run() == nil {
		return interpreter
	}
	for _, argv := range [][]string{{base, "-m", "venv", "--clear", venv}, {interpreter, "-m", "pip", "-q", "install", "django==5.2.*"}} {
		out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput()
		switch {
		case err != nil && os.Getenv("CI") == "true":
			t.Fatalf("needs Django in a virtual environment: %v: %s", err, out)
		case err != nil:
			t.Skipf("needs Django in a virtual environment: %v: %s", err, out)
		}
	}
	return interpreter
}

// tree writes files of a Python program and returns their folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const djangoApp = `
import django
from django.conf import settings
%s
django.setup()
from django.http import HttpResponse
from django.urls import path
from django.test import RequestFactory
from django.middleware.csrf import CsrfViewMiddleware
urlpatterns = []
request = RequestFactory().post("/", HTTP_HOST="anything.example:3007", HTTP_ORIGIN="https://p1.preview.test")
print(request.get_host(), settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS)
print(CsrfViewMiddleware(lambda r: None)._origin_verified(request))
`

func TestDjangoSettingsModule(t *testing.T) {
	dir := tree(t, map[string]string{
		"mysite/__init__.py": "",
		"mysite/settings.py": "SECRET_KEY='x'\nDEBUG=False\nALLOWED_HOSTS=['only.example']\nCSRF_TRUSTED_ORIGINS=['https://own.example']\n",
	})
	program := strings.Replace(djangoApp, "%s", "", 1)
	env := []string{"PYTHONPATH+=" + dir, "DJANGO_SETTINGS_MODULE=mysite.settings"}
	got := python(t, needDjango(t), program, env...)
	want := "anything.example:3007 ['*'] ['https://own.example', 'http://127.0.0.1:3007', 'http://localhost:3007']\nFalse"
	if got != want {
		t.Errorf("%s", got)
	}
	got = python(t, needDjango(t), program, append(env, "PREVIEW_ORIGINS=https://*.preview.test, http://127.0.0.1:3007")...)
	want = "anything.example:3007 ['*'] ['https://own.example', 'https://*.preview.test', 'http://127.0.0.1:3007']\nTrue"
	if got != want {
		t.Errorf("%s", got)
	}
}

func TestDjangoConfiguredInCode(t *testing.T) {
	program := strings.Replace(djangoApp, "%s", "settings.configure(SECRET_KEY='x', DEBUG=False, ROOT_URLCONF=__name__)", 1)
	got := python(t, needDjango(t), program)
	if !strings.HasPrefix(got, "anything.example:3007 ['*'] ['http://127.0.0.1:3007'") {
		t.Errorf("%s", got)
	}
}

// fakeDjango stands in for a version that cannot be installed here.
func fakeDjango(t *testing.T, version, conf string) string {
	t.Helper()
	return tree(t, map[string]string{"django/__init__.py": "VERSION = " + version, "django/conf.py": conf})
}

func TestDjangoBefore4TakesHosts(t *testing.T) {
	dir := fakeDjango(t, "(3, 2)", "class Settings:\n    def __init__(self, name): self.name = name\n"+
		"class LazySettings:\n    def configure(self): self._wrapped = Settings('c')\n")
	got := python(t, needPython(t), "from django.conf import Settings; s = Settings('m'); print(s.name, s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS)",
		"PYTHONPATH+="+dir)
	if got != "m ['*'] ['127.0.0.1:3007', 'localhost:3007']" {
		t.Error(got)
	}
}

// TestAnotherDjango: a module of that name which is not Django's, and settings that take nothing, break nothing.
func TestAnotherDjango(t *testing.T) {
	got := python(t, needPython(t), "import django.conf; print('runs')", "PYTHONPATH+="+fakeDjango(t, "(5, 0)", "x = 1"))
	if !strings.HasSuffix(got, "runs") {
		t.Error(got)
	}
	conf := "class Settings:\n    __slots__ = ()\nclass LazySettings:\n    def configure(self): self._wrapped = Settings()\n"
	got = python(t, needPython(t), "from django.conf import Settings; Settings(); print('runs')", "PYTHONPATH+="+fakeDjango(t, "(5, 0)", conf))
	if !strings.HasSuffix(got, "runs") {
		t.Error(got)
	}
}

func TestOtherProgramsAreLeftAlone(t *testing.T) {
	if got := python(t, needPython(t), "import json, http.server; print('fine')"); got != "fine" {
		t.Error(got)
	}
	got := python(t, needPython(t), "try:\n    import django.conf\nexcept ImportError as e: print('no Django')", "PYTHONNOUSERSITE=1")
	if got != "no Django" {
		t.Error(got)
	}
}

func TestOwnSitecustomizeRuns(t *testing.T) {
	dir := tree(t, map[string]string{"sitecustomize.py": "import sys\nsys.own = __file__\nname = __name__\n"})
	got := python(t, needPython(t), "import sys, sitecustomize; print(sys.own == sitecustomize.__file__, sitecustomize.name)", "PYTHONPATH+="+dir)
	if got != "True sitecustomize" {
		t.Error(got)
	}
	broken := tree(t, map[string]string{"sitecustomize.py": "raise RuntimeError('broken')\n"})
	if got := python(t, needPython(t), "print('runs')", "PYTHONPATH+="+broken); !strings.HasSuffix(got, "runs") {
		t.Error(got)
	}
}
