from fastapi import APIRouter
from fastapi_utils_like import CRUDRouter

router = APIRouter(tags=["users"])


class Greeter:
    def __init__(self, word: str):
        self.word = word
        self.router = APIRouter()
        self.router.add_api_route("/" + self.word, self.greet, methods=["GET"])
        self.router.add_api_route("/%s/{name}" % self.word, self.greet_one, methods=["GET", "POST"])

    def greet(self):
        return {}

    def greet_one(self, name: str):
        return {}


router.include_router(Greeter("hello").router)
router.include_router(CRUDRouter("badge", prefix="/badges"))


@router.websocket("/live")
async def live(socket):
    ...


@router.get("/me")
async def me():
    return {}
