import { Compartment, EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import type { CodeProps } from './Code'
import css from './Code.module.css'
import { extensionsOf } from './extensions'

/**
 * Editor is CodeMirror in a shadow root. There it puts its styles into adopted style sheets; in the page itself it would write them
 * into an element, which the content policy forbids.
 */
export default function Editor({ value, label, language, onChange, onSubmit }: CodeProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const handlers = useRef({ onChange, onSubmit })
  useEffect(() => {
    handlers.current = { onChange, onSubmit }
  })
  const editable = onChange !== undefined
  useEffect(() => {
    const element = host.current
    if (!element) return
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const setup = new Compartment()
    const state = EditorState.create({
      doc: value,
      extensions: setup.of(
        extensionsOf({
          label,
          language,
          editable,
          onChange: (text) => handlers.current.onChange?.(text),
          onSubmit: () => handlers.current.onSubmit?.(),
        }),
      ),
    })
    view.current = new EditorView({ state, parent: root, root })
    return () => view.current?.destroy()
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the text goes in below
  }, [label, language, editable])
  useEffect(() => {
    const v = view.current
    if (v && v.state.doc.toString() !== value) v.dispatch({ changes: { from: 0, to: v.state.doc.length, insert: value } })
  }, [value])
  return <div ref={host} className={css.host} />
}
