import Fastify from "fastify";

const app = Fastify({ logger: true });

app.get("/", async () => ({ hello: "fastify" }));

app.get(
  "/sum",
  {
    schema: {
      querystring: {
        type: "object",
        required: ["a", "b"],
        properties: { a: { type: "number" }, b: { type: "number" } },
      },
    },
  },
  async ({ query }) => ({ sum: query.a + query.b }),
);

// Fastify's default host is loopback; the preview reaches it all the same.
await app.listen({ port: Number(process.env.PORT ?? 3000) });
