"""Lets a Django app answer under the addresses a preview is reached by.

Python imports this module at its start because its folder is on PYTHONPATH. It waits for ``django.conf`` to be
imported and then widens two settings; any other program only pays for one look at each import. A sitecustomize
of the environment's own is run as if this one were not there.
"""

import importlib.machinery
import os
import sys

_TARGET = "django.conf"


def _origins():
    """Origins that the browser may send, such as ``http://127.0.0.1:3001``."""
    given = os.environ.get("PREVIEW_ORIGINS", "")
    origins = [origin.strip() for origin in given.split(",") if origin.strip()]
    port = os.environ.get("PORT", "")
    if not origins and port:
        origins = ["http://127.0.0.1:" + port, "http://localhost:" + port]
    return origins


def _widen(settings):
    """Changes a Settings object. The project's own origins stay; its hosts are all contained in "*"."""
    settings.ALLOWED_HOSTS = ["*"]
    origins = _origins()
    import django

    if django.VERSION < (4, 0):  # there, trusted origins are hosts without a scheme
        origins = [origin.split("://", 1)[-1] for origin in origins]
    own = list(getattr(settings, "CSRF_TRUSTED_ORIGINS", None) or [])
    settings.CSRF_TRUSTED_ORIGINS = own + [origin for origin in origins if origin not in own]
    if any(origin.startswith("https://") for origin in _origins()) and not settings.SECURE_PROXY_SSL_HEADER:
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def _quietly(settings):
    """A fix-up must never be what breaks an app."""
    try:
        _widen(settings)
    except Exception as error:  # noqa: BLE001
        sys.stderr.write("previewd: Django's allowed hosts were left as they are: %s\n" % (error,))


def _patch(conf):
    """Widens the settings right after they are read, from a module or from settings.configure()."""
    read = conf.Settings.__init__

    def __init__(self, *args, **kwargs):
        read(self, *args, **kwargs)
        _quietly(self)

    conf.Settings.__init__ = __init__

    configure = conf.LazySettings.configure

    def configure_and_widen(self, *args, **kwargs):
        configure(self, *args, **kwargs)
        _quietly(self._wrapped)

    conf.LazySettings.configure = configure_and_widen


class _Finder:
    """Finds only ``django.conf``, once, as the finders after it would, and patches it when it has run."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name != _TARGET:
            return None
        if cls in sys.meta_path:
            sys.meta_path.remove(cls)
        spec = _find(name, path, target)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            run = spec.loader.exec_module

            def exec_module(module):
                run(module)
                try:
                    _patch(module)
                except Exception as error:  # noqa: BLE001
                    sys.stderr.write("previewd: Django was left as it is: %s\n" % (error,))

            spec.loader.exec_module = exec_module
        return spec


def _find(name, path, target):
    for finder in list(sys.meta_path):
        find = getattr(finder, "find_spec", None)
        spec = find(name, path, target) if find else None
        if spec is not None:
            return spec
    return None


def _chain():
    """Runs the sitecustomize that this one hides, if there is one, under its own name."""
    here = os.path.dirname(os.path.abspath(__file__))
    path = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", path)
    if spec is None or spec.loader is None:
        return
    from importlib.util import module_from_spec

    module = module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


if _TARGET in sys.modules:
    _patch(sys.modules[_TARGET])
else:
    sys.meta_path.insert(0, _Finder)
_chain()
