import express, { type Request, type Response } from "express";

import { convert, type Unit } from "./convert.ts";

const port = Number(process.env.PORT ?? 3000);
const app = express();

app.get("/", (_: Request, response: Response) => {
  response.json({ try: "/convert/celsius/21" });
});

app.get("/convert/:unit/:value", (request: Request<{ unit: Unit; value: string }>, response: Response) => {
  const { unit, value } = request.params;
  const result = convert(Number(value), unit);
  if (result === undefined) {
    response.status(400).json({ error: "unit is celsius or fahrenheit, value a number" });
    return;
  }
  response.json(result);
});

app.listen(port, () => console.log(`listening on ${port}`));
