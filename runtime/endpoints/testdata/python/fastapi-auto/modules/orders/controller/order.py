from fastapi import APIRouter

first, second = APIRouter(prefix="/orders"), APIRouter(prefix="/order-lines")


@first.put("")
def put():
    return {}


@second.delete("/{id}")
def delete(id: int):
    return {}
