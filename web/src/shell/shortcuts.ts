import { useEffect, useRef } from 'react'

export interface Shortcut {
  keys: string
  what: string
  run: () => void
}

/** useShortcuts listens for single keys where nobody is typing. */
export function useShortcuts(shortcuts: readonly Shortcut[]) {
  const known = useRef(shortcuts)
  useEffect(() => {
    known.current = shortcuts
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      if (e.metaKey || e.ctrlKey || e.altKey || e.defaultPrevented || isTyping(e.target)) return
      const hit = known.current.find((s) => s.keys.toLowerCase() === e.key.toLowerCase())
      if (!hit) return
      e.preventDefault()
      hit.run()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.closest('input, textarea, select, dialog, [role="menu"]') !== null
}
