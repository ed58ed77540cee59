import { nextTheme } from './Header'
import { go, PANES, type PaneName } from './route'
import type { Shortcut } from './shortcuts'
import type { useTheme } from './theme'

interface Context {
  pane: PaneName | null
  theme: ReturnType<typeof useTheme>
  side: boolean
  setSide: (v: boolean) => void
  startNew: () => void
  showHelp: () => void
}

const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus()

/** paneInFocus is the pane that a person works in. */
function paneInFocus(): PaneName | null {
  const name = document.activeElement?.closest('[data-pane]')?.getAttribute('data-pane')
  return PANES.find((p) => p === name) ?? null
}

/** showPane brings a pane to where it can be used: to the front if another has the whole room. */
function showPane(name: PaneName, shown: PaneName | null) {
  const bring = () => focus(`[data-pane="${name}"]`)
  if (shown === null || shown === name) return bring()
  go({ pane: name })
  requestAnimationFrame(bring)
}

export function shortcutsOf(c: Context): Shortcut[] {
  const maximise = () => go({ pane: c.pane ? null : (paneInFocus() ?? 'preview') })
  return [
    { keys: 'N', what: 'New preview', run: c.startNew },
    { keys: '/', what: 'Search the log', run: () => focus('#search-logs') },
    { keys: 'P', what: 'Find a preview', run: () => focus('#find-preview') },
    ...PANES.map((name, i) => ({ keys: String(i + 1), what: `Go to ${name === 'logs' ? 'the log' : `the ${name}`}`, run: () => showPane(name, c.pane) })),
    { keys: 'M', what: 'Give a pane the whole room, and back', run: maximise },
    { keys: '[', what: 'Show or hide the list', run: () => c.setSide(!c.side) },
    { keys: 'T', what: 'Change the theme', run: () => c.theme.choose(nextTheme(c.theme.choice)) },
    { keys: '?', what: 'This help', run: c.showHelp },
  ]
}
