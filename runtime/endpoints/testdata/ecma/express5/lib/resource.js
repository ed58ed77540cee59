import { Router } from 'express';
const actions = { list: ['get', '/'], read: ['get', '/:id'], create: ['post', '/'] };
export const resource = (name, only = Object.keys(actions)) =>
  only.map((action) => actions[action]).reduce((router, [verb, path]) => router[verb](path, (req, res) => res.json(name)), Router());
