import { X } from 'lucide-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { IconButton } from './Button'
import css from './Dialog.module.css'
import { cx } from './cx'

interface Props {
  title: string
  onClose: () => void
  children: ReactNode
  foot?: ReactNode
  wide?: boolean
}

/** Dialog is the browser's own: it keeps the focus, closes with Escape and lies above everything. */
export function Dialog({ title, onClose, children, foot, wide }: Props) {
  const ref = useRef<HTMLDialogElement>(null)
  const name = useId()
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    const field = dialog?.querySelector<HTMLElement>('input:not([hidden]), select, textarea')
    ;(field ?? dialog)?.focus() // not the button that closes it, which comes first
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      className={cx(css.dialog, wide && css.wide)}
      aria-labelledby={name}
      tabIndex={-1}
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return
        e.preventDefault() // a tip that is open takes the key otherwise
        onClose()
      }}
      onCancel={(e) => {
        e.preventDefault()
        onClose()
      }}
      onMouseDown={(e) => {
        if (e.target === ref.current) onClose()
      }}
    >
      <div className={css.box}>
        <div className={css.head}>
          <h2 id={name}>{title}</h2>
          <IconButton label="Close" onClick={onClose}>
            <X />
          </IconButton>
        </div>
        <div className={css.body}>{children}</div>
        {foot && <div className={css.foot}>{foot}</div>}
      </div>
    </dialog>
  )
}
