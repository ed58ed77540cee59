export interface ServerEvent {
  event: string
  data: string
  /** The last id that was sent, with this event or before it. */
  id: string
}

/**
 * EventParser takes a stream of server-sent events in pieces, wherever they were cut (HTML standard, section 9.2.6).
 * A comment is no event, but tells that the connection lives.
 */
export class EventParser {
  private rest = ''
  private event = ''
  private data: string[] = []
  private id: string
  private first = true
  /** What the server asks for between two connections, in ms. */
  retry: number | null = null

  constructor(
    private readonly emit: (e: ServerEvent) => void,
    lastId = '',
  ) {
    this.id = lastId
  }

  push(text: string) {
    if (this.first && text.length > 0) {
      this.first = false
      if (text.startsWith('\uFEFF')) text = text.slice(1)
    }
    const all = this.rest + text
    // A CR at the end may be half of a CRLF: it waits for the next piece.
    const end = all.endsWith('\r') ? all.length - 1 : all.length
    let begin = 0
    for (let i = 0; i < end; i++) {
      const c = all.charCodeAt(i)
      if (c !== 10 && c !== 13) continue
      this.line(all.slice(begin, i))
      if (c === 13 && all.charCodeAt(i + 1) === 10) i++
      begin = i + 1
    }
    this.rest = all.slice(begin)
  }

  private line(line: string) {
    if (line === '') return this.dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    this.field(field, value)
  }

  private field(field: string, value: string) {
    if (field === 'data') this.data.push(value)
    else if (field === 'event') this.event = value
    else if (field === 'id' && !value.includes('\0')) this.id = value
    else if (field === 'retry' && /^\d+$/.test(value)) this.retry = Number(value)
  }

  private dispatch() {
    const { event, data } = this
    this.event = ''
    this.data = []
    if (data.length > 0) this.emit({ event: event || 'message', data: data.join('\n'), id: this.id })
  }
}
