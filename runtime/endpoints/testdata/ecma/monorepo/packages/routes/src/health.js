import { Router } from 'express';
const router = Router();
router.get('/', (req, res) => res.end());
export default router;
