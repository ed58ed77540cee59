export async function OPTIONS() { return new Response(); }
export async function GET() { return new Response(); }
