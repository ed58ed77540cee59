import os
from functools import lru_cache

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    PROJECT_NAME: str = "Shop"
    API_PREFIX: str = "/api"
    VERSION_PREFIX: str = "/v1"
    ENABLE_LEGACY: bool = False
    METRICS_PATH: str = os.getenv("METRICS_PATH", "/metrics")

    @property
    def api_root(self) -> str:
        return f"{self.API_PREFIX}{self.VERSION_PREFIX}"


@lru_cache
def get_settings() -> Settings:
    return Settings()


settings = get_settings()
