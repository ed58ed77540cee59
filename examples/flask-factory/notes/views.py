from flask import Blueprint, current_app, jsonify

pages = Blueprint("pages", __name__)


@pages.get("/")
def home():
    return f"{current_app.config['GREETING']}, factory!\n"


@pages.get("/health")
def health():
    return jsonify(status="ok")
