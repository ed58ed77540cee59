import { Router } from 'express';
const router = Router();
router.route('/').get((_req, res) => { res.json([]); }).post((_req, res) => { res.json({}); });
export function things(): Router {
  const made = Router();
  made.get('/:thing', (_req, res) => { res.json({}); });
  return made;
}
export { router as default };
