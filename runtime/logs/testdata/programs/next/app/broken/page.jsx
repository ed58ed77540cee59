export const dynamic = 'force-dynamic'
export default function Page() { console.error('an error of its own'); throw new TypeError('no answer', { cause: new Error('the reason') }) }
