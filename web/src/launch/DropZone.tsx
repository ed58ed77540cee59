import { FolderUp } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../ui/Button'
import { picked, type Chosen } from './drop'
import css from './DropZone.module.css'

/** DropZone is where a project is chosen. Dropping is taken by the whole page. */
export function DropZone({ onChosen }: { onChosen: (c: Chosen) => void }) {
  const folder = useRef<HTMLInputElement>(null)
  const file = useRef<HTMLInputElement>(null)
  const take = (input: HTMLInputElement) => {
    const chosen = input.files && picked(input.files)
    input.value = ''
    if (chosen) onChosen(chosen)
  }
  return (
    <div className={css.zone}>
      <FolderUp aria-hidden />
      <p className={css.title}>Drop a project folder or an archive here</p>
      <p className={css.text}>Dependencies, version control and caches stay behind. Node, Python, Go, static sites and Dockerfiles are recognised.</p>
      <div className={css.buttons}>
        <Button kind="primary" onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
        <Button onClick={() => file.current?.click()}>Choose a zip or tar.gz</Button>
      </div>
      <input ref={folder} type="file" hidden aria-label="Project folder" {...{ webkitdirectory: '' }} onChange={(e) => take(e.currentTarget)} />
      <input ref={file} type="file" hidden aria-label="Project archive" accept=".zip,.tgz,.gz" onChange={(e) => take(e.currentTarget)} />
    </div>
  )
}
