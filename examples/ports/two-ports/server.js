// Opens two ports: metrics on a fixed one first, the app on PORT a moment later.
const { createServer } = require("node:http");

createServer((_, response) => response.end("requests_total 1\n")).listen(9464);

setTimeout(() => {
  createServer((_, response) => response.end("the app\n")).listen(process.env.PORT ?? 3000);
}, 300);
