// Prints the route handlers and API routes of a Next.js app that was built.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { order } = require('./paths.cjs');

const read = (name) => JSON.parse(fs.readFileSync(path.join('.next', name)));
const { basePath } = read('routes-manifest.json');
const verbs = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
const found = [];
const note = (method, at) => {
  const maybe = /\/\[\[\.\.\.\w+\]\]$/;
  for (const p of maybe.test(at) ? [at.replace(maybe, ''), at] : [at]) {
    found.push({ method, path: basePath + p.replace(/\[{1,2}(?:\.\.\.)?(\w+)\]{1,2}/g, '{$1}') });
  }
};

const app = read('server/app-paths-manifest.json');
for (const [name, at] of Object.entries(read('app-path-routes-manifest.json'))) {
  if (!name.endsWith('/route')) continue;
  const { userland } = require(path.resolve('.next/server', app[name])).routeModule;
  for (const verb of verbs) if (userland[verb]) note(verb, at);
}
for (const at of Object.keys(read('server/pages-manifest.json'))) if (at.startsWith('/api/')) note('*', at);
process.stdout.write(order.print(found));
process.exit(0);
