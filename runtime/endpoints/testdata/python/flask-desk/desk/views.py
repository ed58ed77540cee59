from flask import Blueprint
from flask.views import MethodView, View


class Items(MethodView):
    def get(self, item_id=None):
        """Read items."""
        return ""

    def post(self):
        return ""

    def delete(self, item_id):
        return ""


class About(View):
    methods = ["GET", "POST"]

    def dispatch_request(self):
        return ""


def init_app(app):
    view = Items.as_view("items")
    app.add_url_rule("/items/", view_func=view, methods=["GET", "POST"])
    app.add_url_rule("/items/<uuid:item_id>", view_func=view, methods=["GET", "DELETE"])
    app.add_url_rule("/about", view_func=About.as_view("about"))


def make(name):
    blueprint = Blueprint(name, __name__)

    @blueprint.route("/")
    @blueprint.route("/page/<int:n>")
    def page(n=1):
        return ""

    return blueprint


BLUEPRINTS = [make(name) for name in ("news", "blog")]
