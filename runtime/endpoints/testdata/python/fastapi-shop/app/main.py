from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from app.api import v1
from app.core.config import settings


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


def add_health(app: FastAPI) -> None:
    @app.get("/health", include_in_schema=False)
    def health():
        return "ok"


def create_app() -> FastAPI:
    app = FastAPI(title=settings.PROJECT_NAME, lifespan=lifespan, openapi_url=f"{settings.API_PREFIX}/openapi.json", redoc_url=None)
    app.include_router(v1.router)
    add_health(app)
    app.mount("/static", StaticFiles(directory="."), name="static")
    return app


app = create_app()


async def metrics(request):
    return PlainTextResponse("")


app.add_route(settings.METRICS_PATH, metrics)

admin = FastAPI(docs_url=None, openapi_url=None)


@admin.get("/stats")
def stats():
    return {}


app.mount("/admin", admin)
app.router.routes.append(Mount("/inner", routes=[Route("/deep/{n:int}", metrics), Route("/post", metrics, methods=["POST"])]))

if __name__ == "__main__":
    import uvicorn

    uvicorn.run("app.main:app", reload=True)
