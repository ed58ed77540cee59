def init(app):
    @app.page("/about")
    def about():
        return ""

    @app.page("/about/<path:more>")
    def more(more):
        return ""
