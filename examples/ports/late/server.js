// Opens its port 8 s after the start.
const { createServer } = require("node:http");

const server = createServer((_, response) => response.end("better late\n"));

console.log("warming up");
setTimeout(() => server.listen(process.env.PORT ?? 3000, () => console.log("listening")), 8000);
