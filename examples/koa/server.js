import Router from "@koa/router";
import Koa from "koa";

const app = new Koa();
const router = new Router();

router.get("/", (ctx) => {
  ctx.body = { hello: "koa" };
});

router.get("/time/:zone", (ctx) => {
  try {
    ctx.body = { now: new Date().toLocaleString("en", { timeZone: ctx.params.zone }) };
  } catch {
    ctx.throw(404, "no such time zone");
  }
});

app.use(async (ctx, next) => {
  const start = performance.now();
  await next();
  console.log(`${ctx.method} ${ctx.url} ${ctx.status} ${(performance.now() - start).toFixed(1)} ms`);
});
app.use(router.routes()).use(router.allowedMethods());

const port = process.env.PORT ?? 3000;
app.listen(port, () => console.log(`listening on ${port}`));
