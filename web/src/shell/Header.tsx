import { ClockPlus, Ellipsis, Keyboard, LogOut, Monitor, Moon, PanelLeft, RotateCw, Share2, Square, Sun } from 'lucide-react'
import { useState } from 'react'
import { useActions } from '../api/actions'
import { useStatus } from '../api/queries'
import type { PreviewStatus } from '../api/types'
import { ProjectDialogs, type OpenDialog } from '../projects/ProjectDialogs'
import { ProjectMenu } from '../projects/ProjectMenu'
import { Button, IconButton } from '../ui/Button'
import { CopyIconButton } from '../ui/Copy'
import { Menu } from '../ui/Menu'
import { StatusLabel } from '../ui/StatusDot'
import { span, useNow } from '../ui/time'
import css from './Header.module.css'
import { Mark } from './Mark'
import { go } from './route'
import type { ThemeChoice } from './theme'

interface Props {
  generation: string | null
  choice: ThemeChoice
  onTheme: (c: ThemeChoice) => void
  onHelp: () => void
  onSide: () => void
  onSignOut: (() => void) | null
}

export function Header(p: Props) {
  return (
    <header className={css.bar}>
      <IconButton label="Toggle the list" shortcut="[" onClick={p.onSide}>
        <PanelLeft />
      </IconButton>
      <a
        href="/"
        className={css.brand}
        aria-label="previewd, all previews"
        onClick={(e) => {
          e.preventDefault()
          go({ generation: null })
        }}
      >
        <Mark />
        <span>previewd</span>
      </a>
      {p.generation ? <Current key={p.generation} id={p.generation} /> : <span className={css.gap} />}
      <div className={css.tools}>
        <ThemeButton choice={p.choice} onTheme={p.onTheme} />
        <IconButton label="Keyboard shortcuts" shortcut="?" onClick={p.onHelp}>
          <Keyboard />
        </IconButton>
        {p.onSignOut && (
          <IconButton label="Sign out" onClick={p.onSignOut}>
            <LogOut />
          </IconButton>
        )}
      </div>
    </header>
  )
}

const THEMES = { system: { next: 'light', icon: Monitor }, light: { next: 'dark', icon: Sun }, dark: { next: 'system', icon: Moon } } as const

function ThemeButton({ choice, onTheme }: { choice: ThemeChoice; onTheme: (c: ThemeChoice) => void }) {
  const { next, icon: Icon } = THEMES[choice]
  return (
    <IconButton label={`Theme: ${choice}`} shortcut="T" onClick={() => onTheme(next)}>
      <Icon />
    </IconButton>
  )
}

export const nextTheme = (c: ThemeChoice): ThemeChoice => THEMES[c].next

/** Current is the preview that is shown, and what can be done with it. */
function Current({ id }: { id: string }) {
  const { data: status } = useStatus(id)
  const [dialog, setDialog] = useState<OpenDialog>(null)
  return (
    <div className={css.current}>
      <span className={css.slash} aria-hidden>
        /
      </span>
      <h1 className={css.name}>{id}</h1>
      {status && <StatusLabel status={status.status} detail={detailOf(status)} />}
      {status?.status === 'running' && <CopyIconButton text={status.preview_url} label="Copy the URL" />}
      <span className={css.gap} />
      {status && <Actions status={status} onShare={() => setDialog('share')} />}
      <Menu
        trigger={
          <IconButton label="More">
            <Ellipsis />
          </IconButton>
        }
      >
        <ProjectMenu id={id} preview={status ?? null} open={setDialog} />
      </Menu>
      <ProjectDialogs id={id} project={status?.project_id ?? id} dialog={dialog} onClose={() => setDialog(null)} />
    </div>
  )
}

function detailOf(s: PreviewStatus): string | undefined {
  if (s.status === 'starting') return s.phase ?? undefined
  if (s.status === 'running') return s.framework || s.runtime
  return s.reason ?? undefined
}

function Actions({ status, onShare }: { status: PreviewStatus; onShare: () => void }) {
  const { launch, stop, extend } = useActions(status.generation_id)
  const running = status.status === 'running'
  return (
    <div className={css.actions}>
      {running && <Expiry at={status.expires_at} busy={extend.isPending} onExtend={() => extend.mutate()} />}
      {running && (
        <Button kind="quiet" className={css.share} icon={<Share2 />} onClick={onShare}>
          Share
        </Button>
      )}
      {(running || status.status === 'starting') && (
        <Button icon={<Square />} busy={stop.isPending} onClick={() => stop.mutate()}>
          Stop
        </Button>
      )}
      <Button icon={<RotateCw />} busy={launch.isPending} onClick={() => launch.mutate({ project_id: status.project_id })}>
        Relaunch
      </Button>
    </div>
  )
}

function Expiry({ at, busy, onExtend }: { at: string; busy: boolean; onExtend: () => void }) {
  const now = useNow()
  const left = Date.parse(at) - now
  return (
    <Button kind="quiet" className={css.expiry} icon={<ClockPlus />} busy={busy} onClick={onExtend} data-soon={left < 120_000} title="Extend">
      {span(left)} left
    </Button>
  )
}
