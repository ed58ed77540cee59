registry = []


class Service:
    name = ""
    methods = {}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        registry.append(cls)

    def mount(self, app):
        for method, handler in self.methods.items():
            app.add_api_route(f"/services/{self.name}", getattr(self, handler), methods=[method])
