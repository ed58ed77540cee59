import 'reflect-metadata';
import { createExpressServer } from 'routing-controllers';
import { UserController } from './users';
const app = createExpressServer({ routePrefix: '/api', controllers: [UserController] });
app.listen(3000);
