from flask import Blueprint

shop = Blueprint("shop", __name__, url_prefix="/shop")
basket = Blueprint("basket", __name__)


@shop.get("/")
def index():
    return ""


@basket.route("/basket/<int:item>", methods=["PUT", "DELETE"])
def change(item):
    return ""
