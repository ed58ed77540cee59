// Allocates until the memory limit ends it, before it listens. Buffers lie outside V8's heap, so that the kernel's
// limit is met and not Node's own.
const { createServer } = require("node:http");

const hoard = [];
for (;;) {
  hoard.push(Buffer.alloc(16 << 20, 1));
  console.log(`holding ${hoard.length * 16} MB`);
}

createServer().listen(process.env.PORT ?? 3000);
