from datetime import datetime
from enum import Enum
from typing import Annotated, Optional
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field


class Colour(str, Enum):
    RED = "red"
    BLUE = "blue"


class ItemBase(BaseModel):
    """What all items have."""

    name: str = Field(..., min_length=1, max_length=80, description="What it is called")
    price: float = Field(gt=0, examples=[9.5])
    colour: Colour = Colour.RED
    tags: list[str] = []
    note: Optional[str] = None


class ItemCreate(ItemBase):
    stock: Annotated[int, Field(ge=0)] = 0


class Item(ItemBase):
    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(default_factory=uuid4)
    created_at: datetime
    parts: dict[str, "Item"] | None = None
