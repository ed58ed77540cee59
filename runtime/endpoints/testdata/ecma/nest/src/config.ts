import { registerAs } from '@nestjs/config';
export default registerAs('app', () => ({ prefix: process.env.APP_PREFIX || 'api' }));
