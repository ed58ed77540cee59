const fs = require('fs');
const path = require('path');

module.exports = function (app) {
  fs.readdirSync(path.join(__dirname, 'auto'))
    .filter((file) => file.endsWith('.js') && file !== 'helper.js')
    .forEach((file) => {
      const name = path.basename(file, '.js');
      app.use(`/auto/${name}`, require(path.join(__dirname, 'auto', file)));
    });
};
