import type { Virtualizer } from '@tanstack/react-virtual'
import { useCallback, useLayoutEffect, useRef, useState } from 'react'

const NEAR = 12 // px from the end that still count as the end

/**
 * useFollow keeps the end of a list in sight while lines come, until somebody scrolls up; scrolling back to the end, or `resume`, takes
 * it up again.
 */
export function useFollow(list: Virtualizer<HTMLDivElement, Element>, count: number) {
  const [following, setFollowing] = useState(true)
  const last = useRef({ top: 0, height: 0 })

  const onScroll = useCallback((e: { currentTarget: HTMLElement }) => {
    const { scrollTop, scrollHeight, clientHeight } = e.currentTarget
    const before = last.current
    last.current = { top: scrollTop, height: scrollHeight }
    if (scrollHeight - scrollTop - clientHeight < NEAR) setFollowing(true)
    else if (scrollTop < before.top - 1 && scrollHeight >= before.height) setFollowing(false)
  }, [])

  useLayoutEffect(() => {
    if (following && count > 0) list.scrollToIndex(count - 1, { align: 'end' })
  }, [following, count, list])

  const resume = useCallback(() => setFollowing(true), [])
  const pause = useCallback(() => setFollowing(false), [])
  return { following, resume, pause, onScroll }
}
