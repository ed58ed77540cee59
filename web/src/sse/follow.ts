import { EventParser, type ServerEvent } from './parser'

export type Connection = 'connecting' | 'open' | 'waiting' | 'ended'

export interface FollowOptions {
  /** Opens the stream; lastId is '' before the first event that had one. */
  open: (lastId: string, signal: AbortSignal) => Promise<Response>
  onEvent: (e: ServerEvent) => void
  onConnection: (state: Connection, attempt: number) => void
  /** Says of an event or an error that nothing more is to come. */
  isLast: (e: ServerEvent) => boolean
  isFatal: (error: unknown) => boolean
  signal: AbortSignal
  /** Between two attempts, in ms; a test has its own. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>
  /** Silence after which a connection counts as dead: three heartbeats of the server's. */
  silence?: number
}

const LONGEST = 5000

/** follow reads a stream of events until its last one, and comes back with the last id whenever the connection breaks. */
export async function follow(o: FollowOptions): Promise<void> {
  let lastId = ''
  for (let attempt = 0; !o.signal.aborted; attempt++) {
    o.onConnection('connecting', attempt)
    const outcome = await connect(o, lastId, (id) => {
      lastId = id
      attempt = 0
    }).catch((error: unknown) => (o.isFatal(error) ? 'fatal' : 'broken'))
    if (o.signal.aborted) return
    if (outcome !== 'broken') return o.onConnection('ended', attempt)
    o.onConnection('waiting', attempt)
    await (o.pause ?? pause)(backoff(attempt), o.signal)
  }
}

/** backoff is half a second, doubled with each attempt, a part of it by chance, so that not all come back at once. */
export function backoff(attempt: number, chance = Math.random()): number {
  const whole = Math.min(500 * 2 ** attempt, LONGEST)
  return whole * (0.7 + 0.3 * chance)
}

async function connect(o: FollowOptions, lastId: string, seen: (id: string) => void): Promise<'broken' | 'last'> {
  const watch = new Watchdog(o.silence ?? 45_000, o.signal)
  try {
    const response = await o.open(lastId, watch.signal)
    if (response.status === 204 || !response.body) return 'last'
    o.onConnection('open', 0)
    return await read(response.body, o, lastId, seen, watch)
  } finally {
    watch.end()
  }
}

async function read(
  body: ReadableStream<Uint8Array>,
  o: FollowOptions,
  lastId: string,
  seen: (id: string) => void,
  watch: Watchdog,
): Promise<'broken' | 'last'> {
  let last = false
  const parser = new EventParser((e) => {
    if (e.id) seen(e.id)
    o.onEvent(e)
    last ||= o.isLast(e)
  }, lastId)
  const reader = body.getReader()
  const decoder = new TextDecoder()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return 'broken'
    watch.alive()
    parser.push(decoder.decode(value, { stream: true }))
    if (last) {
      await reader.cancel()
      return 'last'
    }
  }
}

/** Watchdog ends a connection over which nothing has come for too long, which a sleeping laptop leaves behind. */
class Watchdog {
  private readonly control = new AbortController()
  private timer: ReturnType<typeof setTimeout>
  readonly signal: AbortSignal

  constructor(
    private readonly silence: number,
    outer: AbortSignal,
  ) {
    this.signal = AbortSignal.any([outer, this.control.signal])
    this.timer = setTimeout(() => this.control.abort(), silence)
  }

  alive() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.control.abort(), this.silence)
  }

  end() {
    clearTimeout(this.timer)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
