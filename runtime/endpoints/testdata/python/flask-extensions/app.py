from flask import Blueprint, Flask
from flask.views import MethodView
from flask_restx import Api, Namespace, Resource
from flask_smorest import Api as Smorest
from flask_smorest import Blueprint as SmorestBlueprint

app = Flask(__name__)
app.config.update(API_TITLE="x", API_VERSION="1", OPENAPI_VERSION="3.0.2")

bp = Blueprint("rest", __name__, url_prefix="/rest")
api = Api(bp, doc="/doc/", prefix="/v1")
cats = Namespace("cats", description="Cats")
dogs = api.namespace("dogs", path="/hounds")
api.add_namespace(cats)
api.add_namespace(Namespace("empty"), path="/nothing")


@cats.route("/", "/all")
class Cats(Resource):
    def get(self):
        """All cats."""

    def post(self):
        ...


@cats.route("/<int:id>")
class Cat(Resource):
    def get(self, id):
        ...

    def delete(self, id):
        ...


@dogs.route("/<string:name>")
class Dog(Resource):
    def put(self, name):
        ...


app.register_blueprint(bp)

smorest = Smorest(app)
pets = SmorestBlueprint("pets", "pets", url_prefix="/pets", description="Pets")


@pets.route("/")
class Pets(MethodView):
    @pets.response(200)
    def get(self):
        """All pets."""

    def post(self):
        ...


@pets.route("/<pet_id>", methods=["PATCH"])
@pets.response(200)
def patch(pet_id):
    ...


smorest.register_blueprint(pets)
