import { useCallback, useState } from 'react'
import { DropTarget } from '../launch/DropTarget'
import { DropZone } from '../launch/DropZone'
import { LaunchDialog } from '../launch/LaunchDialog'
import type { Chosen } from '../launch/drop'
import { Sidebar } from '../projects/Sidebar'
import { isBoolean, useStored } from '../ui/useStored'
import { Split } from '../workspace/Split'
import { useNarrow } from '../workspace/useNarrow'
import { Workspace } from '../workspace/Workspace'
import { Header } from './Header'
import { Help } from './Help'
import css from './Page.module.css'
import { go, useRoute, type PaneName } from './route'
import { useShortcuts } from './shortcuts'
import { shortcutsOf } from './shortcutList'
import type { useTheme } from './theme'

interface Props {
  theme: ReturnType<typeof useTheme>
  onSignOut: (() => void) | null
}

const select = (generation: string | null) => go({ generation })
const showPane = (pane: PaneName | null) => go({ pane })

export function Page({ theme, onSignOut }: Props) {
  const { generation, pane } = useRoute()
  const narrow = useNarrow()
  const [side, setSide] = useStored('side', true, isBoolean)
  const [launching, setLaunching] = useState(false)
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [help, setHelp] = useState(false)
  const take = useCallback((c: Chosen) => {
    setChosen(c)
    setLaunching(true)
  }, [])
  const startNew = () => {
    setChosen(null)
    setLaunching(true)
  }
  const shortcuts = shortcutsOf({ pane, theme, side, setSide, startNew, showHelp: () => setHelp(true) })
  useShortcuts(shortcuts)

  const sidebar = <Sidebar selected={generation} onSelect={select} onNew={startNew} />
  const main = generation ? (
    <Workspace key={generation} generation={generation} pane={pane} onPane={showPane} />
  ) : (
    <div className={css.start}>
      <DropZone onChosen={take} />
    </div>
  )
  return (
    <div className={css.page}>
      <Header
        generation={generation}
        choice={theme.choice}
        onTheme={theme.choose}
        onHelp={() => setHelp(true)}
        onSide={() => (narrow ? select(null) : setSide(!side))}
        onSignOut={onSignOut}
      />
      <main className={css.main}>
        {generation === null && <h1 className="sr">Previews</h1>}
        {narrow ? (
          generation ? main : sidebar
        ) : side ? (
          <Split
            id="side"
            label="Width of the list"
            orientation="horizontal"
            parts={[
              { id: 'list', size: '264px', min: '200px', content: sidebar },
              { id: 'main', min: '480px', content: main },
            ]}
          />
        ) : (
          main
        )}
      </main>
      <DropTarget onChosen={take} />
      {launching && (
        <LaunchDialog
          chosen={chosen}
          onChosen={setChosen}
          onClose={() => setLaunching(false)}
          onLaunched={(id) => {
            setLaunching(false)
            select(id)
          }}
        />
      )}
      {help && <Help shortcuts={shortcuts} onClose={() => setHelp(false)} />}
    </div>
  )
}
