import css from './Progress.module.css'
import type { Step } from './useUpload'

const words: Record<Step['name'], string> = { packing: 'Packing', uploading: 'Uploading', launching: 'Launching' }

export function Progress({ step }: { step: Step }) {
  const percent = Math.round(step.share * 100)
  return (
    <div className={css.progress} role="progressbar" aria-label={words[step.name]} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
      <span>
        {words[step.name]}
        {step.name !== 'launching' && ` ${percent} %`}
      </span>
      <div className={css.track}>
        <div className={css.bar} style={{ width: `${percent}%` }} />
      </div>
    </div>
  )
}
