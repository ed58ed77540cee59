import importlib
import inspect
import os
import pkgutil
from pathlib import Path

from fastapi import APIRouter, FastAPI

import plugins
from services.base import Service, registry

HERE = Path(__file__).resolve().parent


class Finder:
    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.root = os.path.abspath(os.path.join(os.path.dirname(__file__), "modules"))

    def files(self):
        found = []
        for root, _dirs, files in os.walk(self.root):
            if os.path.basename(root) == "controller":
                for file in files:
                    if file.endswith(".py") and not file.startswith("__"):
                        found.append(os.path.join(root, file))
        return found

    def register(self) -> None:
        for file in sorted(self.files()):
            name = os.path.relpath(file, os.path.dirname(self.root)).replace(os.sep, ".")[:-3]
            module = importlib.import_module(name)
            for attribute in dir(module):
                value = getattr(module, attribute)
                if isinstance(value, APIRouter):
                    self.app.include_router(value)


def create_app():
    app = FastAPI()
    Finder(app).register()
    for info in pkgutil.iter_modules(plugins.__path__, plugins.__name__ + "."):
        module = importlib.import_module(info.name)
        if hasattr(module, "setup"):
            module.setup(app)
        for _name, value in inspect.getmembers(module):
            if isinstance(value, plugins.Plugin):
                app.include_router(value.router, prefix=value.prefix)
    for path in (HERE / "services").glob("*_service.py"):
        importlib.import_module(f"services.{path.stem}")
    for service in registry:
        service().mount(app)
    assert Service
    return app


app = create_app()
