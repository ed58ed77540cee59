from loguru import logger

for level in ("trace", "debug", "info", "success", "warning", "error", "critical"):
    getattr(logger, level)("something")
try:
    1 / 0
except ZeroDivisionError:
    logger.exception("cannot")
logger.info("after")
