export interface Point {
  at: number
  value: number
}

export interface Box {
  width: number
  height: number
}

/** The most and the least time that a chart shows; what is new comes in at its right. */
export const SPAN = 3 * 60_000
const SHORTEST = 20_000

/** place puts a point into a box: time from left to right up to `end`, values from the bottom up to `max`. */
function place(p: Point, end: number, time: number, max: number, box: Box): [x: number, y: number] {
  const x = box.width * (1 - (end - p.at) / time)
  const y = box.height * (1 - Math.min(p.value, max) / max)
  return [Math.round(x * 10) / 10, Math.round(y * 10) / 10]
}

/** linePath is the line through the points as an SVG path; '' for fewer than two. */
export function linePath(points: readonly Point[], max: number, box: Box): string {
  const end = points.at(-1)?.at ?? 0
  const seen = points.filter((p) => end - p.at <= SPAN)
  if (seen.length < 2 || max <= 0) return ''
  const time = Math.max(SHORTEST, end - (seen[0]?.at ?? end))
  return seen.map((p, i) => `${i === 0 ? 'M' : 'L'}${place(p, end, time, max, box).join(' ')}`).join('')
}

/** areaPath is what lies below that line. */
export function areaPath(points: readonly Point[], max: number, box: Box): string {
  const line = linePath(points, max, box)
  if (!line) return ''
  const left = line.slice(1).split(' ', 1)[0]
  return `${line}L${box.width} ${box.height}L${left} ${box.height}Z`
}
