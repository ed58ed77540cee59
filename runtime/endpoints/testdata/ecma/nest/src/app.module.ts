import { forwardRef, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { RouterModule } from '@nestjs/core';
import config from './config';
import { CatsModule } from './cats/cats.module';
import { HealthController, MetricsController } from './health.controller';
import { DashboardModule } from './dashboard.module';
import { AuditModule } from './audit.module';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, load: [config] }),
    forwardRef(() => CatsModule),
    DashboardModule,
    AuditModule.register({ path: 'audit' }),
    RouterModule.register([{ path: 'dash', children: [{ path: 'board', module: DashboardModule }] }]),
  ],
  controllers: [HealthController, MetricsController],
})
export class AppModule {}
