import { describe, expect, it } from 'vitest'
import { EventParser, type ServerEvent } from './parser'

const stream = 'retry: 2000\n\n: heartbeat\n\nid: 7\ndata: {"a":1}\n\nevent: end\r\ndata: one\r\ndata: two\r\n\r\ndata\n\nid: 9\ndata:x\r\r'

function parse(pieces: string[]): ServerEvent[] {
  const events: ServerEvent[] = []
  const parser = new EventParser((e) => events.push(e), '3')
  for (const piece of pieces) parser.push(piece)
  return events
}

const want = [
  { event: 'message', data: '{"a":1}', id: '7' },
  { event: 'end', data: 'one\ntwo', id: '7' },
  { event: 'message', data: '', id: '7' },
]

describe('EventParser', () => {
  it('reads events, ids, names, several lines of data and all three line ends', () => {
    expect(parse([`${stream}\n`])).toEqual([...want, { event: 'message', data: 'x', id: '9' }])
  })

  it('does not mind where the stream was cut', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      expect(parse([stream.slice(0, cut), stream.slice(cut), '\n']).slice(0, 3), `cut at ${cut}`).toEqual(want)
    }
    expect(parse([...stream, '\n']).slice(0, 3)).toEqual(want)
  })

  it('keeps an event that is not finished to itself', () => {
    expect(parse(['data: half'])).toEqual([])
    expect(parse(['data: half\n'])).toEqual([])
  })

  it('starts from the id it is told', () => {
    expect(parse(['data: x\n\n'])).toEqual([{ event: 'message', data: 'x', id: '3' }])
  })

  it('ignores a byte order mark, comments, unknown fields and ids with a NUL', () => {
    expect(parse(['\uFEFFdata: x\n: y\nfoo: z\nid: a\0b\n\n'])).toEqual([{ event: 'message', data: 'x', id: '3' }])
  })

  it('tells the pause that the server asks for', () => {
    const parser = new EventParser(() => undefined)
    parser.push('retry: soon\n')
    expect(parser.retry).toBeNull()
    parser.push('retry: 2500\n')
    expect(parser.retry).toBe(2500)
  })
})
