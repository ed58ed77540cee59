export function GET(request) {
  const name = request.nextUrl.searchParams.get("name") ?? "next";
  return Response.json({ hello: name });
}
