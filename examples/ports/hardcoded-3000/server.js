// Ignores PORT, as most small Express apps do.
const { createServer } = require("node:http");

createServer((_, response) => response.end("hard-coded 3000\n")).listen(3000);
