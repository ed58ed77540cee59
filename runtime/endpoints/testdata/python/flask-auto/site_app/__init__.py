import glob
import importlib
import os
from importlib import import_module

from flask import Blueprint, Flask
from werkzeug.utils import find_modules, import_string


class Site(Flask):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.route("/version")(self.version)

    def version(self):
        return "1"

    def page(self, path):
        return self.route("/pages" + path, methods=["GET", "POST"])


def make_app():
    app = Site(__name__)
    for name in find_modules("site_app.blueprints"):
        module = import_string(name)
        for value in vars(module).values():
            if isinstance(value, Blueprint):
                app.register_blueprint(value)
    for file in glob.glob(os.path.join(os.path.dirname(__file__), "pages", "*.py")):
        stem = os.path.splitext(os.path.basename(file))[0]
        if stem != "__init__":
            import_module("site_app.pages." + stem).init(app)
    more = importlib.import_module(".extra", package=__name__)
    more.init(app)
    return app
