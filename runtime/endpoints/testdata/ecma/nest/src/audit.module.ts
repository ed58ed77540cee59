import { Controller, DynamicModule, Get, Module } from '@nestjs/common';
@Module({})
export class AuditModule {
  static register(options: { path: string }): DynamicModule {
    @Controller(options.path)
    class AuditController {
      @Get('log')
      log() { return []; }
    }
    return { module: AuditModule, controllers: [AuditController] };
  }
}
