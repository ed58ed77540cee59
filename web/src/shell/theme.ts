import { useEffect, useSyncExternalStore } from 'react'
import { oneOf, useStored } from '../ui/useStored'

export type Theme = 'light' | 'dark'
export type ThemeChoice = Theme | 'system'

const dark = () => window.matchMedia('(prefers-color-scheme: dark)')

export function useSystemTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      const query = dark()
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    () => (dark().matches ? 'dark' : 'light'),
  )
}

/** useTheme is the theme in force, the choice behind it, and how to make another. */
export function useTheme(): { theme: Theme; choice: ThemeChoice; choose: (c: ThemeChoice) => void } {
  const system = useSystemTheme()
  const [choice, choose] = useStored<ThemeChoice>('theme', 'system', oneOf('light', 'dark', 'system'))
  const theme = choice === 'system' ? system : choice
  useEffect(() => {
    document.documentElement.style.colorScheme = theme
  }, [theme])
  return { theme, choice, choose }
}
