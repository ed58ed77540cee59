import { areaPath, linePath, type Point } from './chart'
import css from './Chart.module.css'

interface Props {
  label: string
  value: string
  detail: string
  points: readonly Point[]
  max: number
  warn: boolean
}

const BOX = { width: 240, height: 44 }

/** Chart shows a value and where it comes from. */
export function Chart({ label, value, detail, points, max, warn }: Props) {
  return (
    <figure className={css.chart} data-warn={warn}>
      <figcaption>
        <span className={css.label}>{label}</span>
        <span className={css.value}>{value}</span>
        <span className={css.detail}>{detail}</span>
      </figcaption>
      <svg viewBox={`0 0 ${BOX.width} ${BOX.height}`} preserveAspectRatio="none" aria-hidden>
        <path className={css.area} d={areaPath(points, max, BOX)} />
        <path className={css.line} d={linePath(points, max, BOX)} vectorEffect="non-scaling-stroke" />
      </svg>
    </figure>
  )
}
