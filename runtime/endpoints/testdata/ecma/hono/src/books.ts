import { Hono } from 'hono';
export const books = new Hono()
  .get('/', (c) => c.json([]))
  .get('/:id', (c) => c.json({}))
  .post('/', (c) => c.json({}));
