import { Router } from 'express';
const router = new Router();
router.get('/daily', (req, res) => res.end());
router.param('id', (req, res, next) => next());
router.all('/:id', (req, res) => res.end());
export default router;
