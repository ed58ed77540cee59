import os


class Config:
    SECRET_KEY = os.environ.get("SECRET_KEY") or "dev"
    SITE_PREFIX = "/site"
    DEBUGGING = False


class Production(Config):
    pass


configs = {"default": Config, "production": Production}
