export function GET() { throw new Error('no answer') }
