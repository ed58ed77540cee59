from flask import Blueprint

dead = Blueprint("dead", __name__)


@dead.route("/dead")
def gone():
    return ""
