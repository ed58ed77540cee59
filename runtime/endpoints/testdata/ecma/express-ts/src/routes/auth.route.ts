import { Router } from 'express';
import { Routes } from '@/interfaces';
import { AuthController } from '@/controllers/auth.controller';

export class AuthRoute implements Routes {
  public path = '/auth';
  public router = Router();
  public auth = new AuthController();

  constructor() {
    this.initializeRoutes();
  }

  private initializeRoutes() {
    this.router.post(`${this.path}/login`, this.auth.logIn);
    this.router.post(`${this.path}/logout`, this.auth.logOut);
  }
}
