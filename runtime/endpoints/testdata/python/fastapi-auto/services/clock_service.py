from services.base import Service


class Clock(Service):
    name = "clock"
    methods = {"GET": "now", "PUT": "set"}

    def now(self):
        return ""

    def set(self):
        return ""
