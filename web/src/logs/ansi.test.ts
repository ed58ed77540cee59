import { describe, expect, it } from 'vitest'
import { cube, mark, pieces, plain } from './ansi'

const texts = (message: string) => pieces(message).map((p) => p.text)

describe('pieces', () => {
  it('reads colours and decorations', () => {
    const got = pieces('\x1b[32mINFO\x1b[0m:  \x1b[1;31mbad\x1b[0m')
    expect(got.map((p) => [p.text, p.classes])).toEqual([
      ['INFO', ['ansi-green']],
      [':  ', []],
      ['bad', ['ansi-bold', 'ansi-red']],
    ])
  })

  it('reads the 256 colours and true ones', () => {
    expect(pieces('\x1b[38;5;196mred')[0]?.color).toBe('rgb(255, 0, 0)')
    expect(pieces('\x1b[48;2;1;2;3mx')[0]?.background).toBe('rgb(1, 2, 3)')
    expect(cube(244)).toBe('rgb(128, 128, 128)')
  })

  it('keeps markup as text', () => {
    const evil = '\x1b[31m<img src=x onerror=alert(1)>\x1b[0m & "quotes"'
    expect(texts(evil).join('')).toBe('<img src=x onerror=alert(1)> & "quotes"')
  })

  it('has as many characters as the message without its colours, whatever else is in it', () => {
    for (const message of ['\x1b[2K\x1b[1Gprogress \x1b[32m50%\x1b[0m', '\x1b]8;;http://evil\x07link\x1b]8;;\x07', 'a\x1b[31mb\x1b[9', '\x1b[38:5:1mx', '\x1b[31m\x1b[0m', 'a\rb', '']) {
      expect(texts(message).join('')).toHaveLength(plain(message).length)
    }
  })

  it('shows control characters instead of obeying them', () => {
    expect(texts('a\rb\x07')[0]).toBe('a\u240db\u2407')
    expect(texts('a\tb')[0]).toBe('a\tb')
  })
})

describe('mark', () => {
  const marked = (message: string, matches: [number, number][]) =>
    mark(pieces(message), matches)
      .filter((p) => p.marked)
      .map((p) => p.text)

  it('cuts at the places of matches, across colours', () => {
    expect(marked('\x1b[32mhello\x1b[0m world', [[3, 8]])).toEqual(['lo', ' wo'])
    expect(marked('hello hello', [[0, 2], [6, 8]])).toEqual(['he', 'he'])
  })

  it('loses nothing', () => {
    const all = mark(pieces('\x1b[32mhello\x1b[0m world'), [[3, 8], [100, 120], [4, 4]])
    expect(all.map((p) => p.text).join('')).toBe('hello world')
  })

  it('counts as JavaScript does', () => {
    expect(marked('\u{1F600}x', [[2, 3]])).toEqual(['x'])
  })
})
