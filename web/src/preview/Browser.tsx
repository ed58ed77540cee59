import { ArrowLeft, ExternalLink, Maximize, Monitor, RotateCw, Smartphone, Tablet } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import type { PreviewStatus } from '../api/types'
import { IconButton } from '../ui/Button'
import { oneOf, useStored } from '../ui/useStored'
import { frameOrigin, pathOf, shortHost } from './address'
import css from './Browser.module.css'
import { Frame, type Device } from './Frame'
import { useEntry } from './useEntry'
import { useFrameHistory } from './useFrameHistory'

const DEVICES: readonly { value: Device; label: string; icon: typeof Monitor }[] = [
  { value: 'full', label: 'The pane’s width', icon: Maximize },
  { value: '1024', label: '1024 px', icon: Monitor },
  { value: '768', label: '768 px', icon: Tablet },
  { value: '390', label: '390 px', icon: Smartphone },
]

/** Browser is a small browser around the app. Its address bar leads to paths of this preview and nowhere else. */
export function Browser({ status }: { status: PreviewStatus }) {
  const origin = frameOrigin(status, location)
  const [device, setDevice] = useStored<Device>('device', 'full', oneOf('full', '1024', '768', '390'))
  const [visit, setVisit] = useState({ path: '/', times: 0 })
  const entry = useEntry(status, origin)
  const past = useFrameHistory()
  const go = (path: string) => setVisit((v) => ({ path, times: v.times + 1 }))
  return (
    <div className={css.browser}>
      <div className={css.bar}>
        <IconButton label="Back" disabled={!past.canGoBack} onClick={past.back}>
          <ArrowLeft />
        </IconButton>
        <IconButton label="Reload" onClick={() => go(visit.path)}>
          <RotateCw />
        </IconButton>
        <Address key={visit.path} origin={origin} path={visit.path} others={[status.base_url, status.preview_url]} onGo={go} />
        <div className={css.devices} role="group" aria-label="Width">
          {DEVICES.map((d) => (
            <IconButton key={d.value} label={d.label} pressed={d.value === device} onClick={() => setDevice(d.value)}>
              <d.icon />
            </IconButton>
          ))}
        </div>
        <IconButton label="Open in a new tab" disabled={entry(visit.path) === ''} onClick={() => window.open(entry(visit.path), '_blank', 'noopener')}>
          <ExternalLink />
        </IconButton>
      </div>
      <Frame key={visit.times} src={entry(visit.path)} title={`Preview of ${status.generation_id}`} device={device} onLoad={past.loaded} />
    </div>
  )
}

interface AddressProps {
  origin: string
  path: string
  others: string[]
  onGo: (path: string) => void
}

function Address({ origin, path, others, onGo }: AddressProps) {
  const [typed, setTyped] = useState(path)
  const target = pathOf(typed, [origin, ...others.map(originOf)])
  const submit = (e: FormEvent) => {
    e.preventDefault()
    if (target !== null) onGo(target)
  }
  return (
    <form className={css.address} onSubmit={submit} data-invalid={target === null}>
      <span className={css.origin} title={origin}>
        {shortHost(origin)}
      </span>
      <input aria-label="Path" value={typed} spellCheck={false} aria-invalid={target === null} onChange={(e) => setTyped(e.target.value)} onFocus={(e) => e.target.select()} />
    </form>
  )
}

function originOf(url: string): string {
  try {
    return new URL(url).origin
  } catch {
    return ''
  }
}
