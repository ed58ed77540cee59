import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { useEffect, useImperativeHandle, useRef, useSyncExternalStore, type Ref } from 'react'
import { Button } from '../ui/Button'
import { LogLine } from './LogLine'
import css from './LogList.module.css'
import { useFollow } from './useFollow'
import type { LogView } from './view'

export interface LogListHandle {
  /** Shows the line of this place in the view. */
  reveal: (index: number) => void
  follow: () => void
}

interface Props {
  view: LogView
  times: boolean
  wrap: boolean
  target: number | null
  onTop: () => void
  ref: Ref<LogListHandle>
}

const ROW = 20

/** LogList draws the lines that can be seen, of however many there are. */
export function LogList({ view, times, wrap, target, onTop, ref }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  useSyncExternalStore(view.subscribe, view.snapshot)
  const rows = view.rows
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 24,
    useFlushSync: false,
  })
  const { following, resume, pause, onScroll } = useFollow(list, rows.length)
  useImperativeHandle(ref, () => ({
    reveal: (index) => {
      pause()
      list.scrollToIndex(index, { align: 'center' })
    },
    follow: resume,
  }))
  useEffect(() => list.measure(), [list, wrap])
  const items = list.getVirtualItems()
  return (
    <div className={css.wrapper}>
      <div
        ref={scroller}
        className={css.scroller}
        tabIndex={0}
        role="log"
        aria-label="Log"
        aria-live="off"
        onScroll={(e) => {
          onScroll(e)
          if (e.currentTarget.scrollTop < 200) onTop()
        }}
      >
        <div className={css.all} style={{ height: list.getTotalSize() }}>
          <div className={css.seen} style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map((item) => {
              const row = rows[item.index]
              if (!row) return null
              return (
                <div key={item.key} data-index={item.index} ref={wrap ? list.measureElement : null}>
                  <LogLine
                    row={row}
                    times={times}
                    wrap={wrap}
                    group={row.group === row.seq ? view.sizeOf(row.seq) : 0}
                    folded={view.isFolded(row.seq)}
                    onFold={view.fold}
                    target={row.seq === target}
                  />
                </div>
              )
            })}
          </div>
        </div>
      </div>
      {!following && (
        <Button className={css.resume} icon={<ArrowDown />} onClick={resume}>
          Latest
        </Button>
      )}
    </div>
  )
}
