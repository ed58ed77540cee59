// Loaded before an app (node -r): once the app listens, prints the routes that its framework holds, as the corpus keeps
// them, and ends the process. The frameworks are looked into, not read: what they print is what they would answer.
'use strict';
const http = require('node:http');
const net = require('node:net');
const path = require('node:path');
const { createRequire } = require('node:module');
const { order, expand, braces } = require('./paths.cjs');

const local = createRequire(path.join(process.cwd(), 'package.json'));
const found = [];
const roots = new Set();
const note = (method, paths) => { for (const p of paths) found.push({ method, path: p }); };

function load(name) {
  try { return local(name); } catch { return undefined; }
}

// Replaces what require(name) and import give of a CommonJS package.
function replace(name, make) {
  const real = load(name);
  if (!real) return;
  const made = make(real);
  local.cache[local.resolve(name)].exports = Object.assign(made, real, { default: made });
}

// Express keeps a mounted router's path only as an expression, so it is noted as it is mounted.
function express() {
  const real = load('express');
  if (!real) return;
  const router = Object.hasOwn(real.Router, 'use') ? real.Router : real.Router.prototype; // Express 4, 5
  const { use } = router;
  router.use = function (first) {
    const before = this.stack.length;
    const result = use.apply(this, arguments);
    const one = [first].flat(Infinity)[0];
    for (const layer of this.stack.slice(before)) layer.mountedAt = typeof one === 'function' ? '' : first;
    return result;
  };
  const mount = real.application.use;
  real.application.use = function () {
    const apps = [...arguments].flat(Infinity).filter((x) => x?.handle && x.set);
    apps.forEach((app) => { app.isMounted = true; });
    const before = stack(this).length;
    const result = mount.apply(this, arguments);
    let next = 0;
    for (const layer of stack(this).slice(before)) if (layer.name === 'mounted_app') layer.app = apps[next++];
    return result;
  };
}

const stack = (app) => (app.stack ?? app._router?.stack ?? (Object.getOwnPropertyDescriptor(app, 'router')?.get?.toString().includes('deprecated') ? [] : app.router?.stack)) ?? [];

// app.all adds every method there is.
const methods = (names) => (names.length > 20 ? ['*'] : names.map((m) => (m === '_all' ? '*' : m.toUpperCase())));

function walkExpress(app, prefixes) {
  for (const layer of stack(app)) {
    if (layer.route) {
      for (const m of methods(Object.keys(layer.route.methods))) note(m, order.join(prefixes, expand([layer.route.path].flat(Infinity))));
      continue;
    }
    const inner = layer.app ?? layer.handle;
    if (inner && (inner.stack || inner._router || inner.router)) {
      walkExpress(inner, order.join(prefixes, expand([layer.mountedAt ?? ''].flat(Infinity))));
    }
  }
}

function koa() {
  const real = load('koa');
  if (!real) return;
  const { callback } = real.prototype;
  real.prototype.callback = function () { roots.add(this); return callback.call(this); };
  replace('koa-mount', (mount) => (prefix, app) => {
    const made = mount(prefix, app);
    roots.delete(app);
    made.mounted = { prefix: app ? prefix : '', app: app ?? prefix };
    return made;
  });
  replace('koa-compose', (compose) => (list) => Object.assign(compose(list), { list }));
}

function walkKoa(middleware, prefix) {
  for (const fn of middleware) {
    if (fn.mounted) {
      roots.delete(fn.mounted.app);
      walkKoa(fn.mounted.app.middleware ?? [fn.mounted.app], prefix + fn.mounted.prefix);
    }
    if (fn.list) walkKoa(fn.list, prefix);
    for (const layer of fn.router?.stack ?? []) {
      if (layer.methods.length === 0) continue;
      const own = layer.methods.filter((m) => m !== 'HEAD' || !layer.methods.includes('GET'));
      for (const m of methods(own)) note(m, order.join([prefix], expand([layer.path])));
    }
  }
}

function fastify() {
  replace('fastify', (real) => function (...args) {
    const app = real(...args);
    app.addHook('onRoute', ({ method, url, path: full }) => {
      const methods = [method].flat().filter((m) => m !== 'HEAD');
      const every = methods.length > 6;
      for (const m of every ? ['*'] : methods) note(m, expand([full ?? url], { colons: true }));
    });
    return app;
  });
}

function hapi() {
  const real = load('@hapi/hapi');
  if (!real) return;
  const { server } = real;
  real.server = (...args) => {
    const made = server(...args);
    made.ext('onPreStart', () => {
      for (const { method, path: p } of made.table()) note(method.toUpperCase(), braces(p));
    });
    return made;
  };
}

function report() {
  for (const root of roots) {
    if (root.middleware) walkKoa(root.middleware, '');
    else if (!root.isMounted) walkExpress(root, ['']);
  }
  process.stdout.write(order.print(found), () => process.reallyExit(0));
}

const { createServer } = http;
http.createServer = function (...args) {
  const app = args.find((a) => typeof a === 'function' && a.handle);
  if (app) roots.add(app);
  return createServer.apply(this, args);
};
net.Server.prototype.listen = function (...args) {
  setTimeout(report, 500);
  process.nextTick(() => this.emit('listening'));
  args.filter((a) => typeof a === 'function').forEach((done) => setTimeout(done, 10));
  return this;
};
net.Server.prototype.address = () => ({ address: '127.0.0.1', family: 'IPv4', port: 3000 });

console.log = console.error; // what is printed is the routes
console.info = console.error;
express();
koa();
fastify();
hapi();
