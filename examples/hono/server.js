import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { logger } from "hono/logger";

const app = new Hono();
const links = new Map([["docs", "/"]]);

app.use(logger());

app.get("/", (c) => c.json({ links: Object.fromEntries(links) }));

app.put("/:name", async (c) => {
  links.set(c.req.param("name"), await c.req.text());
  return c.body(null, 204);
});

app.get("/:name", (c) => {
  const target = links.get(c.req.param("name"));
  return target ? c.redirect(target) : c.notFound();
});

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => console.log(`listening on ${port}`));
