const router = require('express').Router();
router.get('/helper', (req, res) => res.end());
module.exports = router;
