const _ = require('lodash');
const { globSync } = require('glob');
const path = require('path');

const modules = { orders: require('../modules/orders'), carts: require('../modules/carts') };

module.exports = (app) => {
  _.forEach(modules, (router, name) => app.use('/shop/' + name, router));
  globSync(path.join(__dirname, '../plugins/**/*.plugin.js')).sort().forEach((file) => require(file).install(app));
};
