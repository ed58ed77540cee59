import { Application, Router } from 'express';

type Found = { method: 'get' | 'post'; path: string; name: string };
export const Controller = (prefix: string): ClassDecorator => (target) => { Reflect.defineMetadata('prefix', prefix, target); };
const verb = (method: Found['method']) => (path = ''): MethodDecorator => (target, name) => {
  const found: Found[] = Reflect.getMetadata('routes', target.constructor) ?? [];
  found.push({ method, path, name: String(name) });
  Reflect.defineMetadata('routes', found, target.constructor);
};
export const Get = verb('get');
export const Post = verb('post');

export function bind(app: Application, type: new () => any) {
  const instance = new type();
  const router = Router();
  const found: Found[] = Reflect.getMetadata('routes', type);
  found.forEach(({ method, path, name }) => router[method](path, instance[name].bind(instance)));
  app.use(Reflect.getMetadata('prefix', type), router);
}
