def setup(app):
    @app.post("/mail")
    def send():
        return {}
