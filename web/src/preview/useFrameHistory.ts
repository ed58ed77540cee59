import { useCallback, useEffect, useRef, useState } from 'react'

/**
 * A frame of another origin tells nobody where it is, but its steps are in the window's history: what the history has grown by since the
 * app was first shown can be gone back. `loaded` is to be called whenever the frame has loaded.
 */
export function useFrameHistory() {
  const begin = useRef<number | null>(null)
  const [steps, setSteps] = useState(0)
  const measure = useCallback(() => {
    if (begin.current !== null) setSteps((s) => Math.max(s, history.length - (begin.current ?? 0)))
  }, [])
  const loaded = useCallback(() => {
    begin.current ??= history.length
    measure()
  }, [measure])
  useEffect(() => {
    const timer = setInterval(measure, 1000) // a step that a script made loads nothing
    return () => clearInterval(timer)
  }, [measure])
  const back = useCallback(() => {
    setSteps((s) => Math.max(0, s - 1))
    begin.current = history.length - Math.max(0, steps - 1)
    history.back()
  }, [steps])
  return { loaded, back, canGoBack: steps > 0 }
}
