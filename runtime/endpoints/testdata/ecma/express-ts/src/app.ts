import express, { Application, Router } from 'express';
import { API } from './config';
import { Routes } from './interfaces';
import { bind } from './decorators';
import v2 from './v2';

class App {
  public app: Application;
  public readonly port: string | number;
  private static instance?: App;

  constructor(routes: Routes[], controllers: Array<new () => object>) {
    this.app = express();
    this.port = process.env.PORT || 3000;
    this.initializeMiddlewares();
    this.initializeRoutes(routes);
    this.initializeControllers(controllers);
    this.app.use(API.v2, v2);
    App.instance = this;
  }

  public listen() {
    this.app.listen(this.port, () => console.info(`on ${this.port}`));
  }

  private initializeMiddlewares() {
    this.app.use(express.json());
  }

  private initializeRoutes(routes: Routes[]) {
    const root = Router();
    root.get(API.status, (_req, res) => { res.json({ ok: true }); });
    this.app.use(root);
    routes.forEach((route) => { this.app.use(API.v1, route.router); });
  }

  private initializeControllers(controllers: Array<new () => object>): void {
    for (const controller of controllers) bind(this.app, controller);
  }
}

export default App;
