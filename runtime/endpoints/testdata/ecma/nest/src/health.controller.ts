import { All, Controller, Get, Head, VERSION_NEUTRAL } from '@nestjs/common';

@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  @Get()
  check() { return {}; }
  @Head('probe')
  probe() { return {}; }
}

@Controller({ path: ['metrics'], version: VERSION_NEUTRAL })
export class MetricsController {
  @Get('prometheus')
  prometheus() { return ''; }
  @All('any')
  any() { return ''; }
}
