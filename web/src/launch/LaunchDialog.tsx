import { useState, type FormEvent } from 'react'
import type { LaunchRequest } from '../api/types'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Field } from '../ui/Field'
import { Notice } from '../ui/Notice'
import { bytes } from '../ui/time'
import { DropZone } from './DropZone'
import type { Chosen } from './drop'
import { emptyForm, idFrom, isId, problemOf, requestOf, type LaunchForm } from './form'
import css from './LaunchDialog.module.css'
import { Progress } from './Progress'
import { useUpload } from './useUpload'
import { Variables } from './Variables'

interface Props {
  chosen: Chosen | null
  onChosen: (c: Chosen) => void
  onClose: () => void
  onLaunched: (generation: string) => void
}

/** LaunchDialog takes a project from the choice of its folder to its launch. */
export function LaunchDialog({ chosen, onChosen, onClose, onLaunched }: Props) {
  if (chosen) return <Configure key={nameOf(chosen)} chosen={chosen} onClose={onClose} onLaunched={onLaunched} />
  return (
    <Dialog title="New preview" onClose={onClose}>
      <DropZone onChosen={onChosen} />
    </Dialog>
  )
}

const nameOf = (c: Chosen) => (c.kind === 'folder' ? c.project.name : c.archive.name)

interface ConfigureProps {
  chosen: Chosen
  onClose: () => void
  onLaunched: (generation: string) => void
}

function Configure({ chosen, onClose, onLaunched }: ConfigureProps) {
  const [id, setId] = useState(idFrom(nameOf(chosen)))
  const [form, setForm] = useState(emptyForm)
  const [control] = useState(() => new AbortController())
  const { job, step } = useUpload(onLaunched)
  const ready = isId(id) && form.variables.every((v) => problemOf(v, form.variables) === null)
  const close = () => {
    control.abort()
    onClose()
  }
  const submit = (e: FormEvent) => {
    e.preventDefault()
    if (ready && !job.isPending) job.mutate({ generation: id, chosen, launch: requestOf(id, form), signal: control.signal })
  }
  return (
    <Dialog
      title="New preview"
      onClose={close}
      foot={
        <>
          {step ? <Progress step={step} /> : <Summary chosen={chosen} />}
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" form="launch" disabled={!ready} busy={job.isPending}>
            Launch
          </Button>
        </>
      }
    >
      <form id="launch" className={css.form} onSubmit={submit}>
        <Field
          label="Name"
          mono
          value={id}
          onChange={(e) => setId(e.target.value)}
          error={isId(id) ? null : 'Letters, digits, dots, underscores and hyphens.'}
          hint="A preview of the same name is replaced."
        />
        <LaunchFields form={form} onChange={setForm} />
        {job.error && <Notice error={job.error} />}
      </form>
    </Dialog>
  )
}

function Summary({ chosen }: { chosen: Chosen }) {
  if (chosen.kind === 'archive') return <p className={css.summary}>{`${chosen.archive.file.name}, ${bytes(chosen.archive.file.size)}`}</p>
  const { entries, ignored, bytes: size } = chosen.project
  const left = ignored > 0 ? `, ${ignored} left out` : ''
  return <p className={css.summary}>{`${entries.length} ${entries.length === 1 ? 'file' : 'files'}, ${bytes(size)}${left}`}</p>
}

export function LaunchFields({ form, onChange }: { form: LaunchForm; onChange: (f: LaunchForm) => void }) {
  const set = (change: Partial<LaunchForm>) => onChange({ ...form, ...change })
  return (
    <>
      <Variables variables={form.variables} onChange={(variables) => set({ variables })} />
      <details className={css.more}>
        <summary>Limits and command</summary>
        <div className={css.limits}>
          <Field label="Memory, MB" type="number" min={16} placeholder="the server's limit" value={form.memory} onChange={(e) => set({ memory: e.target.value })} />
          <Field
            label="Startup timeout, s"
            type="number"
            min={1}
            max={600}
            placeholder="30"
            value={form.timeout}
            onChange={(e) => set({ timeout: e.target.value })}
          />
          <Field
            className={css.whole}
            label="Start command"
            mono
            placeholder="as recognised"
            value={form.command}
            onChange={(e) => set({ command: e.target.value })}
          />
        </div>
      </details>
    </>
  )
}

interface RelaunchProps {
  project: string
  onClose: () => void
  onLaunch: (body: LaunchRequest) => void
}

/** RelaunchDialog launches files that previewd has, with other settings. */
export function RelaunchDialog({ project, onClose, onLaunch }: RelaunchProps) {
  const [form, setForm] = useState(emptyForm)
  const ready = form.variables.every((v) => problemOf(v, form.variables) === null)
  const submit = (e: FormEvent) => {
    e.preventDefault()
    if (!ready) return
    onLaunch(requestOf(project, form))
    onClose()
  }
  return (
    <Dialog
      title="Relaunch"
      onClose={onClose}
      foot={
        <>
          <p className={css.summary}>The files are those of the last upload.</p>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="relaunch" disabled={!ready}>
            Relaunch
          </Button>
        </>
      }
    >
      <form id="relaunch" className={css.form} onSubmit={submit}>
        <LaunchFields form={form} onChange={setForm} />
      </form>
    </Dialog>
  )
}
