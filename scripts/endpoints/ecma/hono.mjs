// Prints the routes of the Hono app that a module exports by default.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const { order } = createRequire(import.meta.url)('./paths.cjs');
const { inspectRoutes } = await import(pathToFileURL(resolve('node_modules/hono/dist/helper/dev/index.js')).href);
const { default: app } = await import(pathToFileURL(resolve(process.argv[2])).href);
const optional = (p) => (/\/:\w+\?$/.test(p) ? [p.replace(/\/:\w+\?$/, ''), p.slice(0, -1)] : [p]);
const found = inspectRoutes(app).filter((r) => !r.isMiddleware).flatMap(({ method, path }) => optional(path).map((p) => ({
  method: method === 'ALL' ? '*' : method,
  path: p.replace(/:(\w+)(\{(?:[^{}]|\{[^{}]*\})*\})?/g, '{$1}'),
})));
// What describes the API is marked, not listed.
process.stdout.write(order.print(found.filter((r) => !r.path.endsWith('/doc'))));
process.exit(0);
