import logging

logging.basicConfig(level=logging.DEBUG)
log = logging.getLogger("app.jobs")
log.debug("tuned to 3 workers")
log.info("INFO and ERROR are words")
log.warning("disk is filling")
log.error("it broke")
log.critical("no database")
try:
    {}["key"]
except KeyError:
    log.exception("job %d failed", 7)
log.info("going on")
logging.warning("from the root logger")
