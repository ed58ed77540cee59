from flask import Flask, jsonify, request

app = Flask(__name__)
visits: dict[str, int] = {}


@app.get("/")
def home():
    return "<h1>Visitors</h1><p>Say who you are: <code>POST /visits {&quot;name&quot;: &quot;…&quot;}</code></p>"


@app.get("/visits")
def list_visits():
    return jsonify(visits)


@app.post("/visits")
def visit():
    name = (request.get_json(silent=True) or {}).get("name")
    if not name:
        return jsonify(error="name is required"), 400
    visits[name] = visits.get(name, 0) + 1
    return jsonify(name=name, visits=visits[name]), 201
