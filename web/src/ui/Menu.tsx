import * as Dropdown from '@radix-ui/react-dropdown-menu'
import type { ReactElement, ReactNode } from 'react'
import { cx } from './cx'
import css from './Menu.module.css'
import { usePortal } from './portal'

/** Menu is not modal: the page stays as it is beneath it, and needs no style of its own for that. */
export function Menu({ trigger, children, align = 'end' }: { trigger: ReactElement; children: ReactNode; align?: 'start' | 'end' }) {
  const portal = usePortal()
  return (
    <Dropdown.Root modal={false}>
      <Dropdown.Trigger asChild>{trigger}</Dropdown.Trigger>
      <Dropdown.Portal container={portal}>
        <Dropdown.Content className={css.menu} align={align} sideOffset={4} collisionPadding={8}>
          {children}
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  )
}

interface ItemProps {
  icon?: ReactNode
  children: ReactNode
  onSelect: () => void
  danger?: boolean
  disabled?: boolean
}

export function MenuItem({ icon, children, onSelect, danger, disabled = false }: ItemProps) {
  return (
    <Dropdown.Item className={cx(css.item, danger && css.danger)} onSelect={onSelect} disabled={disabled}>
      <span className={css.mark}>{icon}</span>
      {children}
    </Dropdown.Item>
  )
}

export const MenuLine = () => <Dropdown.Separator className={css.line} />
