// Waits for a database that never answers, and so never listens.
const { createServer } = require("node:http");

const database = new Promise(() => {});
const heartbeat = setInterval(() => console.log("waiting for the database"), 2000);

console.log("starting");
database.then(() => {
  clearInterval(heartbeat);
  createServer((_, response) => response.end("ok\n")).listen(process.env.PORT ?? 3000);
});
