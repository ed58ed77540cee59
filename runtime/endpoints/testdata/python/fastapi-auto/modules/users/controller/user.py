from fastapi import APIRouter

controller = APIRouter(prefix="/users")
unrelated = "/nothing"


@controller.get("/{id}")
def one(id: int):
    return {}
