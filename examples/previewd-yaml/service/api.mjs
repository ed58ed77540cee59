import { createServer } from "node:http";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { port: { type: "string", default: "4000" } } });

createServer((request, response) => {
  if (request.url === "/health") return response.end("ok\n");
  response.end(`${process.env.GREETING ?? "Hello"}\n`);
}).listen(Number(values.port));
