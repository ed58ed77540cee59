const crud = require('../lib/crud');
module.exports = crud('order');
