import * as Tooltip from '@radix-ui/react-tooltip'
import type { ReactElement } from 'react'
import { Kbd } from './Kbd'
import { usePortal } from './portal'
import css from './Tip.module.css'

/** Tip names what has no words. */
export function Tip({ label, shortcut, children }: { label: string; shortcut?: string; children: ReactElement }) {
  const portal = usePortal()
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal container={portal}>
        <Tooltip.Content className={css.tip} sideOffset={5} collisionPadding={8} aria-hidden>
          {label}
          {shortcut && <Kbd>{shortcut}</Kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
