const handler = async () => Response.json({});
export { handler as GET, handler as PUT };
export function DELETE() { return new Response(null, { status: 204 }); }
