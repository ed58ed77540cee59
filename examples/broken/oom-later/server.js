// Answers at first, then leaks until the memory limit ends it: 10 s after the start, or at once on GET /leak.
const { createServer } = require("node:http");

const hoard = [];

function leak() {
  setInterval(() => hoard.push(Buffer.alloc(32 << 20, 1)), 20);
}

createServer((request, response) => {
  if (request.url === "/leak") leak();
  response.end(`holding ${hoard.length * 32} MB\n`);
}).listen(process.env.PORT ?? 3000, () => setTimeout(leak, 10_000));
