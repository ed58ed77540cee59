import { Request, Response } from 'express';
export class AuthController {
  public logIn = async (req: Request, res: Response): Promise<void> => { res.json({}); };
  public logOut = async (req: Request, res: Response): Promise<void> => { res.json({}); };
}
