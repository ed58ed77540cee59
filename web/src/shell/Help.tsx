import { Dialog } from '../ui/Dialog'
import { Kbd } from '../ui/Kbd'
import css from './Help.module.css'
import type { Shortcut } from './shortcuts'

export function Help({ shortcuts, onClose }: { shortcuts: readonly Shortcut[]; onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className={css.list}>
        {shortcuts.map((s) => (
          <div key={s.keys}>
            <dt>{s.what}</dt>
            <dd>
              <Kbd>{s.keys}</Kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
