import css from './Method.module.css'

/** Method is shown in the colour that tells at a glance what it does. */
export function Method({ method }: { method: string }) {
  return (
    <span className={css.method} data-method={method}>
      {method === 'DELETE' ? 'DEL' : method === 'OPTIONS' ? 'OPT' : method === '*' ? 'ANY' : method}
    </span>
  )
}
