import { Router } from 'express';
export abstract class BaseRoute {
  readonly router = Router({ mergeParams: true });
  protected abstract get prefix(): string;
  constructor(protected readonly resource: string) { this.register(); }
  protected register() {
    const answer = (_: unknown, res: any) => res.json(this.resource);
    this.router.get(this.prefix, answer);
    this.router.get(`${this.prefix}/:id`, answer);
  }
}
