from datetime import datetime

from pydantic import BaseModel, Field


class NoteDraft(BaseModel):
    title: str = Field(min_length=1, max_length=120, examples=["Groceries"])
    text: str = Field(default="", max_length=10_000, examples=["Milk, bread, coffee"])
    done: bool = False


class NoteChange(BaseModel):
    title: str | None = Field(default=None, min_length=1, max_length=120)
    text: str | None = Field(default=None, max_length=10_000)
    done: bool | None = None


class Note(NoteDraft):
    id: int
    created_at: datetime
