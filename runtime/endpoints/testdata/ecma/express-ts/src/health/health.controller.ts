import { Request, Response } from 'express';
import { Controller, Get, Post } from '../decorators';

@Controller('/health')
export default class HealthController {
  @Get('/live')
  live(_req: Request, res: Response) { res.end(); }
  @Post('/drain')
  drain(_req: Request, res: Response) { res.end(); }
}
