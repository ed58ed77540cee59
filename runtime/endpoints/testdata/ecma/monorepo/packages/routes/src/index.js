import { Router } from 'express';
export const users = Router().get('/:id', (req, res) => res.end());
