from plugins import Plugin

news = Plugin("/news")


@news.router.get("/latest")
def latest():
    return []
