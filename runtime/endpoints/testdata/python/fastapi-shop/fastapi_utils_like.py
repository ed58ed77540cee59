from fastapi import APIRouter


class CRUDRouter(APIRouter):
    def __init__(self, name: str, **kwargs):
        super().__init__(tags=[name], **kwargs)
        self.name = name
        self.add_api_route("/", self.all, methods=["GET"])
        super().add_api_route("/{id}", self.one, methods=["GET"])

    def all(self):
        return []

    def one(self, id: int):
        return {}
