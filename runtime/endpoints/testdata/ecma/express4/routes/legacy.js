exports.register = function (server, options) {
  var self = this;
  server.get(options.base + '/ping', function (req, res) { res.end('pong'); });
  self.more.call(self, server, options);
};
exports.more = function (server, options) {
  server.post([options.base, 'echo'].join('/'), function (req, res) { res.end(); });
};
