// Answers, until GET /crash throws where nobody catches.
const { createServer } = require("node:http");

createServer((request, response) => {
  response.end("ok\n");
  if (request.url === "/crash") setTimeout(() => undefined.total, 50);
}).listen(process.env.PORT ?? 3000, () => console.log("running"));
