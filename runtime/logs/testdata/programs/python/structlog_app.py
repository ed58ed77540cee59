import logging, structlog

log = structlog.get_logger()
log.debug("started", port=8000)
log.info("started", port=8000)
log.warning("careful")
log.error("it broke", error="EOF")
log.critical("no database")
structlog.configure(processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()])
log = structlog.get_logger()
for level in ("debug", "info", "warning", "error", "critical"):
    getattr(log, level)("something", n=1)
