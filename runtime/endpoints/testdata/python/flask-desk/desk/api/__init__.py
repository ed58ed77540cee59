from flask import Blueprint
from flask_restful import Api

from .resources import Note, Notes, Status

api_bp = Blueprint("api", __name__, url_prefix="/api")
api = Api(api_bp, prefix="/v2")
api.add_resource(Notes, "/notes", "/notes/all")
api.add_resource(Note, "/notes/<int:id>", endpoint="note")
api.add_resource(Status, "/status")
