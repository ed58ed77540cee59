import { Hono } from 'hono';
import { logger } from 'hono/logger';
import { books } from './books';
import admin from './admin';
import api from './openapi';

const app = new Hono<{ Variables: { user: string } }>();
app.use('*', logger());
app.use('/private/*', async (_c, next) => { await next(); });

app.get('/', (c) => c.text('hi'));
app.get('/posts/:id{[0-9]+}', (c) => c.json({}));
app.get('/maybe/:id?', (c) => c.json({}));
app.get('/files/:name{.+\\.png}', (c) => c.json({}));
app.get('/wild/*', (c) => c.json({}));
app.post('/chain', (c) => c.json({})).put((c) => c.json({})).delete('/chain/:id', (c) => c.json({}));
app.all('/any', (c) => c.json({}));
app.on('PURGE', '/cache', (c) => c.json({}));
app.on(['PUT', 'DELETE'], ['/multi', '/multiple'], (c) => c.json({}));

const routes = app.route('/books', books).route('/admin', admin);
const v1 = app.basePath('/v1');
v1.get('/status', (c) => c.json({}));
app.route('/openapi', api);

export type AppType = typeof routes;
export default app;
