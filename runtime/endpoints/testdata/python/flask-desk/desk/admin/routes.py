from functools import wraps

from flask import Blueprint

from . import bp

METHODS = ("GET", "POST")


def admin_only(f):
    @wraps(f)
    def wrapper(*args, **kwargs):
        return f(*args, **kwargs)

    return wrapper


@bp.route("/", methods=METHODS)
@bp.route("/index", methods=["GET"])
@admin_only
def index():
    """What an admin sees.

    And more.
    """


@bp.route("/users/<int:user_id>", methods={"DELETE"})
@admin_only
def remove(user_id):
    ...


nested = Blueprint("nested", __name__, url_prefix="/nested/")


@nested.post("save/<path:where>")
def save(where):
    ...


@nested.route("")
def empty():
    ...


bp.register_blueprint(nested)
bp.register_blueprint(nested, url_prefix="/twice", name="again")
