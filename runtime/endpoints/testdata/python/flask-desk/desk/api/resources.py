from flask_restful import Resource


class Base(Resource):
    def get(self):
        return {}


class Notes(Base):
    def post(self):
        """Make a note."""
        return {}


class Note(Base):
    def put(self, id):
        return {}

    def delete(self, id):
        return {}


class Status(Base):
    pass
