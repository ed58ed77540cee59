import Anser from 'anser'

/** A piece of a message in one look. Text is only ever text: it reaches the page as a text node. */
export interface Piece {
  text: string
  /** Names of classes, such as `ansi-red` or `bold`. */
  classes: string[]
  color?: string
  background?: string
}

// Colours and nothing else: what the server leaves out when it counts the places of matches, too.
const SGR = /\x1b\[[0-9;:]*m/g
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g

/** plain is a message without its colours, as the places of matches count it. */
export const plain = (message: string): string => message.replace(SGR, '')

/** visible replaces what cannot be seen, one for one, so that places stay as they are. */
const visible = (text: string): string => text.replace(CONTROLS, (c) => (c === '\x7f' ? '\u2421' : String.fromCharCode(0x2400 + c.charCodeAt(0))))

export function pieces(message: string): Piece[] {
  if (!message.includes('\x1b')) return [{ text: visible(message), classes: [] }]
  const parsed = colours(message)
  const text = parsed.map((p) => p.text).join('')
  // The parser knows more sequences than colours. Where it has left out any other, places would be wrong: better without colours.
  return text === plain(message) ? parsed.map((p) => ({ ...p, text: visible(p.text) })) : [{ text: visible(plain(message)), classes: [] }]
}

function colours(message: string): Piece[] {
  return Anser.ansiToJson(message, { json: true, use_classes: true, remove_empty: true }).map((e) => {
    const piece: Piece = { text: e.content, classes: e.decorations.map((d) => `ansi-${d}`) }
    paint(piece, 'color', e.fg, e.fg_truecolor)
    paint(piece, 'background', e.bg, e.bg_truecolor)
    return piece
  })
}

function paint(piece: Piece, where: 'color' | 'background', name: string | null, truecolor: string | null) {
  if (!name) return
  if (name === 'ansi-truecolor') {
    if (truecolor && /^\d+, *\d+, *\d+$/.test(truecolor)) piece[where] = `rgb(${truecolor})`
    return
  }
  const palette = /^ansi-palette-(\d+)$/.exec(name)
  if (palette) piece[where] = cube(Number(palette[1]))
  else piece.classes.push(where === 'color' ? name : `${name}-bg`)
}

/** cube is a colour of the 256 beyond the first sixteen, as xterm has them. */
export function cube(n: number): string {
  if (n >= 232) {
    const grey = 8 + (n - 232) * 10
    return `rgb(${grey}, ${grey}, ${grey})`
  }
  const level = (v: number) => (v === 0 ? 0 : 55 + v * 40)
  const c = n - 16
  return `rgb(${level(Math.floor(c / 36))}, ${level(Math.floor(c / 6) % 6)}, ${level(c % 6)})`
}

export type Match = readonly [begin: number, end: number]

export interface Marked extends Piece {
  marked: boolean
}

/** mark cuts pieces where matches begin and end. Places count UTF-16 units of the text without colours. */
export function mark(all: readonly Piece[], matches: readonly Match[]): Marked[] {
  const out: Marked[] = []
  let at = 0
  for (const piece of all) {
    const end = at + piece.text.length
    let from = at
    for (const [b, e] of matches) {
      const begin = Math.max(b, from)
      const stop = Math.min(e, end)
      if (begin >= stop) continue
      if (begin > from) out.push({ ...piece, text: piece.text.slice(from - at, begin - at), marked: false })
      out.push({ ...piece, text: piece.text.slice(begin - at, stop - at), marked: true })
      from = stop
    }
    if (from < end) out.push({ ...piece, text: piece.text.slice(from - at), marked: false })
    at = end
  }
  return out
}
