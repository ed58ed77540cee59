from fastapi import APIRouter

from . import items, users as people
from .orders import router as orders_router
from ...core.config import settings

router = APIRouter(prefix=settings.api_root)
router.include_router(items.router, tags=["items"])
router.include_router(people.router, prefix="/users")
for child, prefix in [(orders_router, "/orders")]:
    router.include_router(child, prefix=prefix)
if settings.ENABLE_LEGACY:
    from .legacy import router as legacy

    router.include_router(legacy)
