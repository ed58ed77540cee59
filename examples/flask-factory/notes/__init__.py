"""An application factory with a blueprint; GREETING changes what the home page says."""

import os

from flask import Flask

from .views import pages


def create_app(greeting: str | None = None) -> Flask:
    app = Flask(__name__)
    app.config["GREETING"] = greeting or os.environ.get("GREETING", "Hello")
    app.register_blueprint(pages)
    return app
