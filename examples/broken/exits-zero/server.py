"""Makes a server and forgets to run it: the program ends at once with exit code 0."""

from http.server import HTTPServer, SimpleHTTPRequestHandler

server = HTTPServer(("", 8000), SimpleHTTPRequestHandler)
print("ready")
