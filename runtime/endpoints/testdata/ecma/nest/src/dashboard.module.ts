import { Controller, Get, Module } from '@nestjs/common';
@Controller('widgets')
class WidgetsController {
  @Get()
  all() { return []; }
}
@Module({ controllers: [WidgetsController] })
export class DashboardModule {}
