// Listens on the IPv6 loopback address only, as "localhost" may resolve to.
const { createServer } = require("node:http");

createServer((_, response) => response.end("IPv6 only\n")).listen({
  port: Number(process.env.PORT ?? 3000),
  host: "::1",
  ipv6Only: true,
});
