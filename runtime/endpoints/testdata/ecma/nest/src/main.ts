import { NestFactory } from '@nestjs/core';
import { ConfigService } from '@nestjs/config';
import { RequestMethod, VersioningType } from '@nestjs/common';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { logger: false });
  const config = app.get(ConfigService);
  app.setGlobalPrefix(config.get<string>('app.prefix'), { exclude: ['health', { path: 'metrics/(.*)', method: RequestMethod.GET }] });
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  await app.listen(config.get('PORT') ?? 3000);
}
void bootstrap();
