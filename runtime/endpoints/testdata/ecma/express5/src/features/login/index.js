export default function login(app) {
  const paths = ['/login', '/signin'];
  app.post(paths, (req, res) => { const { user, password } = req.body; res.json({ user, password }); });
}
