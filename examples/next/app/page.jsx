export const dynamic = "force-dynamic";

export default function Page() {
  return (
    <main>
      <h1>Next example</h1>
      <p>Rendered on the server at {new Date().toISOString()}.</p>
    </main>
  );
}
