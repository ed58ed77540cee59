from fastapi import APIRouter

router = APIRouter()
BASE = "/{order_id}"

PATHS = {"pay": "POST", "receipt": "GET"}


def register(name, method):
    @router.api_route(f"{BASE}/{name}", methods=[method], name=name)
    def step(order_id: int):
        return {}

    return step


for name, method in PATHS.items():
    register(name, method)


get_one = router.get(BASE)


@get_one
def one(order_id: int):
    return {}
