import { Controller, Get } from '@nestjs/common';
@Controller('unused')
export class UnusedController {
  @Get()
  never() { return {}; }
}
