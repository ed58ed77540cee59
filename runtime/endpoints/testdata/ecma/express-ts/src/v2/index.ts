import { Router } from 'express';
export * from './items';
import * as items from './items';
const router = Router();
const table = [{ path: '/items', route: items.default }, { path: '/things', route: items.things() }];
table.forEach((entry) => { router.use(entry.path, entry.route); });
export default router;
