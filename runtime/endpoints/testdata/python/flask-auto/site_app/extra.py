def api(method, path):
    def decorator(f):
        f.rules = getattr(f, "rules", []) + [(method, path)]
        return f

    return decorator


@api("GET", "/extra")
@api("DELETE", "/extra")
def extra():
    return ""


def init(app):
    for name, function in list(globals().items()):
        for method, path in getattr(function, "rules", []):
            app.add_url_rule(path, f"{name}-{method}", function, methods=[method])
