from flask import Flask

from .config import configs


def create_app(name=None):
    app = Flask(__name__)
    app.config.from_object(configs[name or "default"])
    register(app)

    @app.route("/")
    def home():
        """The first page."""
        return "home"

    app.add_url_rule("/ping", "ping", lambda: "pong")
    if app.config["DEBUGGING"]:
        @app.get("/debug")
        def debug():
            return ""
    return app


def register(app):
    from .admin import bp as admin_bp
    from .api import api_bp
    from . import views

    app.register_blueprint(admin_bp, url_prefix="/manage")
    app.register_blueprint(api_bp)
    views.init_app(app)
    for blueprint in views.BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=app.config.get("SITE_PREFIX") + "/" + blueprint.name)
