import { describe, expect, it, vi } from 'vitest'
import { backoff, follow, type Connection, type FollowOptions } from './follow'

const encode = (text: string) => new TextEncoder().encode(text)

/** A stream of some pieces that then ends, breaks, or stays open. */
function stream(pieces: string[], then: 'ends' | 'breaks' | 'stays', signal: AbortSignal): Response {
  const left = [...pieces]
  const body = new ReadableStream<Uint8Array>({
    pull(c) {
      const next = left.shift()
      if (next !== undefined) return c.enqueue(encode(next))
      if (then === 'ends') c.close()
      if (then === 'breaks') c.error(new Error('connection reset'))
      if (then === 'stays') signal.addEventListener('abort', () => c.error(new Error('aborted')))
    },
  })
  return new Response(body)
}

type Answer = (signal: AbortSignal) => Response

async function run(answers: Answer[], more: Partial<FollowOptions> = {}) {
  const asked: string[] = []
  const seen: string[] = []
  const states: Connection[] = []
  const pauses: number[] = []
  const control = new AbortController()
  await follow({
    open: async (lastId, signal) => {
      asked.push(lastId)
      const answer = answers[asked.length - 1]
      if (!answer) {
        control.abort()
        throw new Error('asked too often')
      }
      return answer(signal)
    },
    onEvent: (e) => seen.push(e.data),
    onConnection: (s) => states.push(s),
    isLast: (e) => e.event === 'end',
    isFatal: () => false,
    signal: control.signal,
    pause: async (ms) => {
      pauses.push(ms)
    },
    ...more,
  })
  return { asked, seen, states, pauses }
}

const end = 'event: end\ndata: bye\n\n'

describe('follow', () => {
  it('comes back with the last id, wherever it was cut, and ends with the last event', async () => {
    const r = await run([
      (s) => stream(['id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\nda'], 'breaks', s),
      (s) => stream(['id: 3\ndata: c\n\n'], 'ends', s),
      (s) => stream(['id: 4\ndata: d\n\n', end], 'stays', s),
    ])
    expect(r.seen).toEqual(['a', 'b', 'c', 'd', 'bye'])
    expect(r.asked).toEqual(['', '2', '3'])
    expect(r.states).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open', 'waiting', 'connecting', 'open', 'ended'])
  })

  it('need not come back after a 204', async () => {
    const r = await run([() => new Response(null, { status: 204 })])
    expect(r.states.at(-1)).toBe('ended')
    expect(r.asked).toHaveLength(1)
  })

  it('waits longer each time while nothing comes, and begins anew after an event', async () => {
    const broken: Answer = () => {
      throw new TypeError('fetch failed')
    }
    const r = await run([broken, broken, broken, (s) => stream(['id: 5\ndata: x\n\n'], 'ends', s), (s) => stream([end], 'ends', s)])
    expect(r.pauses[1]).toBeGreaterThan(r.pauses[0] ?? 0)
    expect(r.pauses[2]).toBeGreaterThan(r.pauses[1] ?? 0)
    expect(r.pauses[3]).toBeLessThanOrEqual(500)
    expect(r.asked).toEqual(['', '', '', '', '5'])
  })

  it('gives up on what is fatal', async () => {
    const r = await run(
      [
        () => {
          throw new Error('no such preview')
        },
      ],
      { isFatal: () => true },
    )
    expect(r.asked).toHaveLength(1)
    expect(r.states.at(-1)).toBe('ended')
  })

  it('takes a connection over which nothing comes for dead', async () => {
    vi.useFakeTimers()
    const r = run([(s) => stream([], 'stays', s), (s) => stream([end], 'ends', s)], { silence: 1000 })
    await vi.advanceTimersByTimeAsync(1100)
    expect((await r).asked).toHaveLength(2)
    vi.useRealTimers()
  })
})

describe('backoff', () => {
  it('is bounded', () => {
    expect(backoff(0, 1)).toBe(500)
    expect(backoff(50, 1)).toBe(5000)
    expect(backoff(50, 0)).toBe(3500)
  })
})
