import { useState } from 'react'
import css from './Frame.module.css'

export type Device = 'full' | '1024' | '768' | '390'

interface Props {
  src: string
  title: string
  device: Device
  onLoad: () => void
}

/**
 * Frame shows the app. It is of another origin than the tab, and may do there what an app does; it may not lead the tab's own window
 * away, and asks for camera, microphone or place in vain.
 */
export function Frame({ src, title, device, onLoad }: Props) {
  // Another token is for the next visit: this one goes on as it is.
  const [first, setFirst] = useState(src)
  if (first === '' && src !== '') setFirst(src)
  return (
    <div className={css.stage}>
      <iframe
        className={css.frame}
        style={device === 'full' ? undefined : { width: `${device}px`, borderInlineWidth: 1 }}
        src={first || undefined}
        title={title}
        onLoad={onLoad}
        sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals allow-downloads allow-pointer-lock"
        allow="clipboard-read; clipboard-write; fullscreen"
        referrerPolicy="no-referrer"
      />
    </div>
  )
}
