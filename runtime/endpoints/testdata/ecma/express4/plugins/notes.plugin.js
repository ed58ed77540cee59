class Notes {
  constructor(app) { this.app = app; this.base = '/notes'; }
  routes() {
    this.app.get(this.base, this.all);
    this.app.patch(`${this.base}/:id`, this.all);
  }
  all(req, res) { res.end(); }
}
exports.install = (app) => new Notes(app).routes();
