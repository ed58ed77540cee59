"""Says which endpoints an app has, asked of its own framework: [{"method", "path"}], sorted, as the corpus keeps it.

usage: truth.py FOLDER

What frameworks answer by themselves is left out: HEAD beside GET, OPTIONS, files, documents, Django's administration,
and the format suffixes of Django REST framework.
"""

import importlib
import json
import os
import re
import sys

DOCS = ("/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json")


def clean(path):
    path = re.sub(r"\{\s*([^{}:]+):[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", r"{\1}", path)
    path = re.sub(r"<(?:[^<>:]*:)?([^<>:]+)>", r"{\1}", path)
    return re.sub("/{2,}", "/", "/" + path)


def starlette(app, prefix=""):
    from starlette.routing import Mount, Route

    for route in app.routes:
        if isinstance(route, Mount):
            if route.app.__class__.__name__ != "StaticFiles":
                yield from starlette(route, prefix + route.path)
        elif isinstance(route, Route):
            methods = set(route.methods or ())
            if not methods and isinstance(route.endpoint, type):
                methods = {m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(route.endpoint, m)}
            if "GET" in methods:
                methods.discard("HEAD")
            if not documents(app, route.path):
                yield from ((m, prefix + route.path) for m in methods)


def documents(app, path):
    mine = [getattr(app, name, None) for name in ("openapi_url", "docs_url", "redoc_url", "swagger_ui_oauth2_redirect_url")]
    return path in mine


def flask(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint.rsplit(".", 1)[-1] in ("static", "specs", "doc", "root") or rule.endpoint.startswith("restx_doc"):
            continue
        methods = rule.methods - {"HEAD", "OPTIONS"}
        yield from ((m, rule.rule) for m in methods or rule.methods)


def django(patterns, prefix=""):
    from django.urls import URLPattern

    for p in patterns:
        path = prefix + django_path(p.pattern)
        if isinstance(p, URLPattern):
            if "{format}" not in path:
                yield from ((m, path) for m in django_methods(p.callback))
        elif p.app_name != "admin":
            yield from django(p.url_patterns, path)


def django_path(pattern):
    from django.urls.resolvers import RegexPattern

    text = str(pattern)
    if not isinstance(pattern, RegexPattern):
        return clean(text)[1:]
    text = re.sub(r"\(\?:[^()]*(\([^()]*\)[^()]*)*\)\?", "", text)
    text = re.sub(r"\(\?P<(\w+)>(?:[^()\[\]]|\[[^\]]*\])*\)", r"{\1}", text)
    return re.sub(r"\\(.)", r"\1", re.sub(r"\\Z|[\^$?]", "", text))


def django_methods(view):
    actions = getattr(view, "actions", None)
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if cls is None:
        return decorated(view) or ["*"]
    allowed = view.view_initkwargs.get("http_method_names") if hasattr(view, "view_initkwargs") else None
    names = actions or [m for m in cls.http_method_names if hasattr(cls, m)]
    kept = [m.upper() for m in names if m in (allowed or cls.http_method_names) and m not in ("head", "options", "trace")]
    return kept or ["*"]


def decorated(view):
    """The methods that require_http_methods keeps in its closure, if it is there."""
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            value = cell.cell_contents
            if isinstance(value, (list, tuple)) and value and all(isinstance(v, str) and v.isupper() for v in value):
                return [m for m in value if m not in ("HEAD", "OPTIONS")]
        view = getattr(view, "__wrapped__", None)
    return None


def app_of(folder):
    """The app of a folder, and how its framework is asked."""
    sys.path.insert(0, folder)
    os.chdir(folder)
    if os.path.exists("manage.py"):
        import django as framework

        settings = re.search(r"DJANGO_SETTINGS_MODULE\W+([\w.]+)", open("manage.py").read()).group(1)
        os.environ["DJANGO_SETTINGS_MODULE"] = settings
        framework.setup()
        from django.urls import get_resolver

        return django(get_resolver().url_patterns)
    for name in ("wsgi", "app.main", "main", "app"):
        if os.path.exists(name.replace(".", "/") + ".py"):
            app = importlib.import_module(name).app
            return flask(app) if hasattr(app, "url_map") else starlette(app)
    raise SystemExit(f"{folder}: no app")


def main():
    found = sorted({(clean(path), method) for method, path in app_of(os.path.abspath(sys.argv[1]))})
    lines = [json.dumps({"method": method, "path": path}) for path, method in found]
    print("[\n  " + ",\n  ".join(lines) + "\n]")


main()
