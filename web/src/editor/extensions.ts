import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, keymap } from '@codemirror/view'
import { tags } from '@lezer/highlight'

interface Options {
  label: string
  language: 'json' | 'text'
  editable: boolean
  onChange: (text: string) => void
  onSubmit: () => void
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--info)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn)' },
  { tag: tags.invalid, color: 'var(--bad)' },
])

const look = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--fg)', fontSize: '12px', maxHeight: '420px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--fg)' },
  '.cm-line': { padding: '0 10px' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--faint)' },
  '.cm-foldGutter': { width: '14px' },
  '.cm-cursor': { borderLeftColor: 'var(--fg)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--active)', outline: 'none' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--active)', border: 'none', color: 'var(--muted)' },
})

export function extensionsOf(o: Options): Extension[] {
  const submit = { key: 'Mod-Enter', run: () => (o.onSubmit(), true) }
  return [
    o.language === 'json' ? [json(), syntaxHighlighting(colours), foldGutter(), bracketMatching()] : [],
    o.editable ? [history(), indentOnInput(), drawSelection()] : [EditorState.readOnly.of(true)],
    EditorView.lineWrapping,
    look,
    keymap.of([submit, ...defaultKeymap, ...historyKeymap, ...foldKeymap]),
    EditorView.contentAttributes.of({ 'aria-label': o.label, ...(o.editable ? {} : { 'aria-readonly': 'true' }) }),
    EditorView.updateListener.of((u) => {
      if (u.docChanged) o.onChange(u.state.doc.toString())
    }),
  ]
}
