import * as Tooltip from '@radix-ui/react-tooltip'
import { useState, type ReactNode } from 'react'
import '../styles/tokens.css'
import '../styles/base.css'
import { PortalContext } from '../ui/portal'
import type { Theme } from './theme'

/** Root is the element that carries the theme; everything of the tab is in it, menus and tips too. */
export function Root({ theme, children }: { theme: Theme; children: ReactNode }) {
  const [element, setElement] = useState<HTMLElement | null>(null)
  return (
    <div className="previewd" data-theme={theme} ref={setElement}>
      <PortalContext value={element}>
        <Tooltip.Provider delayDuration={400} skipDelayDuration={150}>
          {children}
        </Tooltip.Provider>
      </PortalContext>
    </div>
  )
}
