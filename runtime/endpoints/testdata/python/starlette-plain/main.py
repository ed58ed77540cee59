from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, Router, WebSocketRoute


async def home(request):
    """The first page."""
    return PlainTextResponse("")


class Thing(HTTPEndpoint):
    async def get(self, request):
        return PlainTextResponse("")

    async def delete(self, request):
        return PlainTextResponse("")


async def chat(socket):
    ...


inner = Starlette(routes=[Route("/x", home)])
things = Router(routes=[Route("/", Thing), Route("/{id:int}", home, methods=["GET", "POST"])])

routes = [
    Route("/", home),
    Mount("/things", app=things),
    Mount("/a", routes=[Mount("/b", routes=[Route("/c", home)]), WebSocketRoute("/ws", chat)]),
]
routes += [Mount("/inner", inner)]

app = Starlette(routes=routes)
