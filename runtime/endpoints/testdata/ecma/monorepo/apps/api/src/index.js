import express from 'express';
import { users } from '@mono/routes';
import health from '@mono/routes/health';
const app = express();
app.use('/users', users);
app.use('/health', health);
app.listen(3000);
