from pydantic import BaseModel
from pydantic_settings import BaseSettings


class Database(BaseModel):
    host: str


class Settings(BaseSettings):
    api_key: str
    secret_name: int
    database: Database


Settings(database={})
