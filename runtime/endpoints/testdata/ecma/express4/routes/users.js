const express = require('express');
const asyncHandler = require('../lib/async-handler');
const controller = require('../controllers/users');
const router = express.Router();

/**
 * Lists the users.
 *
 * Newest first.
 */
router.get('/', asyncHandler(controller.list));
/**
 * @openapi
 * /users:
 *   post:
 *     summary: Makes a user
 *     tags: [people]
 */
router.post('/', asyncHandler(controller.create));
// Reads one user
router.get('/:id', asyncHandler(controller.read));
router.delete('/:id', asyncHandler(controller.remove));

module.exports = router;
