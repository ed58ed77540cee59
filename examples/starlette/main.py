from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route


async def home(_: Request) -> JSONResponse:
    return JSONResponse({"hello": "starlette"})


async def greet(request: Request) -> JSONResponse:
    return JSONResponse({"hello": request.path_params["name"]})


async def countdown(_: Request) -> StreamingResponse:
    return StreamingResponse((f"{n}\n" for n in range(5, 0, -1)), media_type="text/plain")


app = Starlette(routes=[Route("/", home), Route("/greet/{name}", greet), Route("/countdown", countdown)])
