export async function HEAD() { return new Response(); }
