import 'reflect-metadata';
import App from '@/app';
import { AuthRoute } from '@routes/auth.route';
import { UsersRoute } from '@routes/users.route';
import HealthController from './health/health.controller';

const app = new App([new AuthRoute(), new UsersRoute()], [HealthController]);
app.listen();
