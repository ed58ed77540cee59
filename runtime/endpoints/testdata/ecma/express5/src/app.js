import express from 'express';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { resource } from '#lib/resource';
import * as reports from './reports/index.js';
import { notes as memos } from './notes.js';

const here = dirname(fileURLToPath(import.meta.url));
const noop = (req, res) => res.end();

export async function createApp({ prefix = '/api' } = {}) {
  const app = express();
  app.get('/', noop);
  app.get('/files/*path', noop);
  app.get('/users{/:id}', noop);
  app.get('/docs{/:page}/raw', noop);
  app.get('/:file{.:ext}', noop);
  app.use(prefix, api());
  for (const name of readdirSync(join(here, 'features'))) {
    const module = await import(pathToFileURL(join(here, 'features', name, 'index.js')).href);
    module.default(app);
  }
  app.use('/reports', reports.router).use('/memos', memos);
  return app;
}

function api() {
  const router = express.Router();
  router.use('/books', resource('book'));
  router.use('/authors', resource('author', ['list']));
  const { get = 'get', ...verbs } = { get: 'get', post: 'post', patch: 'patch' };
  Object.keys(verbs).forEach((verb) => router[verb]('/verbs', noop));
  router[get](['/a', '/b'], noop);
  return router;
}
