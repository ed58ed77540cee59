import express from "express";

const port = process.env.PORT ?? 3000;
const todos = new Map([[1, { id: 1, title: "Try the preview", done: false }]]);

const app = express();
app.use(express.json());

app.get("/", (req, res) => {
  res.type("html").send('<h1>Todos</h1><p>See <a href="/todos">/todos</a>.</p>');
});

app.get("/todos", (req, res) => {
  res.json([...todos.values()]);
});

app.post("/todos", (req, res) => {
  const { title } = req.body ?? {};
  if (!title) return res.status(400).json({ error: "title is required" });
  const todo = { id: todos.size + 1, title, done: false };
  todos.set(todo.id, todo);
  res.status(201).json(todo);
});

app.get("/todos/:id", (req, res) => {
  const todo = todos.get(Number(req.params.id));
  if (!todo) return res.status(404).json({ error: "no such todo" });
  res.json(todo);
});

app.listen(port, () => console.log(`listening on ${port}`));
