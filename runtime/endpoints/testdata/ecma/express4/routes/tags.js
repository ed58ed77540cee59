const router = require('express').Router();
router.get('/tags', (req, res) => res.json([]));
router.use('/tags/:tag', require('./tag'));
module.exports = router;
