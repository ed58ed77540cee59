import { createApp } from '../src/app.js';
const start = async () => {
  const app = await createApp();
  app.listen(process.env.PORT ?? 3000);
};
start().catch((error) => { console.error(error); process.exit(1); });
