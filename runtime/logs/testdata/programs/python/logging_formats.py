import logging

for form in (
    "%(asctime)s - %(name)s - %(levelname)s - %(message)s",
    "%(asctime)s %(levelname)s %(name)s %(message)s",
    "%(asctime)s [%(levelname)s] %(name)s: %(message)s",
    "[%(asctime)s] %(levelname)s in %(module)s: %(message)s",
    "%(levelname)-8s %(asctime)s %(message)s",
    "%(levelname)s %(message)s",
    "[%(levelname)s] %(message)s",
    "%(asctime)s | %(levelname)-8s | %(name)s | %(message)s",
    "%(name)s:%(lineno)d %(levelname)s %(message)s",
):
    logging.basicConfig(level=logging.DEBUG, format=form, force=True)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        logging.log(level, "something")
    try:
        int("x")
    except ValueError:
        logging.exception("cannot")
    logging.info("after")
