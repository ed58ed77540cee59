import { useEffect, useState } from 'react'
import { dropped, type Chosen } from './drop'
import css from './DropTarget.module.css'

/** DropTarget takes what is dropped anywhere on the page, and says so while something hangs above it. */
export function DropTarget({ onChosen }: { onChosen: (c: Chosen) => void }) {
  const [over, setOver] = useState(false)
  useEffect(() => {
    let depth = 0
    const files = (e: DragEvent) => e.dataTransfer?.types.includes('Files') === true
    const enter = (e: DragEvent) => {
      if (files(e) && ++depth === 1) setOver(true)
    }
    const leave = (e: DragEvent) => {
      if (files(e) && --depth <= 0) setOver(false)
    }
    const hover = (e: DragEvent) => {
      if (files(e)) e.preventDefault()
    }
    const drop = (e: DragEvent) => {
      depth = 0
      setOver(false)
      if (!files(e) || !e.dataTransfer) return
      e.preventDefault()
      void dropped(e.dataTransfer).then((chosen) => chosen && onChosen(chosen))
    }
    const events = { dragenter: enter, dragleave: leave, dragover: hover, drop }
    for (const [name, listener] of Object.entries(events)) window.addEventListener(name, listener as EventListener)
    return () => {
      for (const [name, listener] of Object.entries(events)) window.removeEventListener(name, listener as EventListener)
    }
  }, [onChosen])
  return over ? <div className={css.over}>Drop to preview it</div> : null
}
