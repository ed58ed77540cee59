import { BaseRoute } from './base.route';
export class UsersRoute extends BaseRoute {
  constructor() { super('user'); }
  protected get prefix() { return `/${this.resource}s`; }
  protected override register() {
    super.register();
    this.router.delete(`${this.prefix}/:id`, (_req, res) => { res.end(); });
  }
}
