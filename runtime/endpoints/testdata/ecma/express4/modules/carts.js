const crud = require('../lib/crud');
module.exports = crud('cart', { readOnly: true });
