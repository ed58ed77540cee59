from typing import Annotated, Optional

from fastapi import APIRouter, Body, Cookie, Depends, Header, Path, Query, status

from app.models.item import Colour, Item, ItemCreate

router = APIRouter(prefix="/items")


def page(skip: int = 0, limit: Annotated[int, Query(le=100, description="How many")] = 20):
    return skip, limit


@router.get("", response_model=list[Item], summary="List items")
async def list_items(
    window: Annotated[tuple, Depends(page)],
    q: Optional[str] = None,
    colour: Colour | None = None,
    x_token: Annotated[str | None, Header()] = None,
    session: str | None = Cookie(default=None),
):
    """Everything there is.

    In the order of its making.
    """
    return []


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_item(item: ItemCreate) -> Item:
    """Make an item."""


@router.get("/{item_id}", name="one")
async def read_item(item_id: Annotated[int, Path(ge=1, description="Its number")]) -> Item:
    ...


@router.api_route("/{item_id}", methods=["PUT", "PATCH"])
async def change_item(item_id: int, item: ItemCreate, reason: Annotated[str, Body()]):
    ...


@router.delete("/{item_id}", deprecated=True)
async def delete_item(item_id: int, force: bool = False):
    ...


@router.get("/files/{path:path}")
async def read_file(path: str):
    ...
