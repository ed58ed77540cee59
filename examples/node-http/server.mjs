import { createServer } from "node:http";

const port = process.env.PORT ?? 3000;

createServer((request, response) => {
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ method: request.method, path: request.url }));
}).listen(port, () => console.log(`listening on ${port}`));
