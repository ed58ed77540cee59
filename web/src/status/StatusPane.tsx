import { ClockPlus } from 'lucide-react'
import { useActions } from '../api/actions'
import { useConfig, useUse } from '../api/queries'
import type { PreviewConfig, PreviewStatus } from '../api/types'
import { Steps } from '../preview/Starting'
import { stepsOf } from '../preview/phases'
import { useSeen } from '../preview/useSeen'
import { Button } from '../ui/Button'
import { Notice } from '../ui/Notice'
import { span, took, useNow } from '../ui/time'
import { Chart } from './Chart'
import css from './StatusPane.module.css'

/** StatusPane is how a preview is: what it uses, how it was launched, and when it will end. */
export function StatusPane({ status }: { status: PreviewStatus }) {
  const config = useConfig(status.generation_id, status.id)
  return (
    <div className={css.pane} tabIndex={0} role="region" aria-label="How it is">
      <Life status={status} />
      {status.status === 'running' && <Usage status={status} />}
      <Launch status={status} />
      <Facts status={status} config={config.data} />
    </div>
  )
}

function Life({ status }: { status: PreviewStatus }) {
  const now = useNow()
  const { extend } = useActions(status.generation_id)
  const left = Date.parse(status.expires_at) - now
  const running = status.status === 'running'
  const over = status.ended_at !== null
  return (
    <section className={css.life} aria-label="Time">
      <Tile label="Uptime" value={uptime(status, now)} />
      <Tile label="Health" value={running ? status.health : '–'} tone={running ? status.health : undefined} />
      {over ? (
        <Tile label="Ended" value={`${span(now - Date.parse(status.ended_at ?? ''))} ago`} />
      ) : (
        <Tile label="Ends in" value={span(left)} tone={left < 120_000 ? 'unhealthy' : undefined} />
      )}
      {running && (
        <Button icon={<ClockPlus />} busy={extend.isPending} onClick={() => extend.mutate()}>
          Extend
        </Button>
      )}
      {extend.error && <Notice error={extend.error} />}
    </section>
  )
}

function uptime(s: PreviewStatus, now: number): string {
  if (!s.started_at) return '–'
  return span((s.ended_at ? Date.parse(s.ended_at) : now) - Date.parse(s.started_at))
}

function Tile({ label, value, tone }: { label: string; value: string; tone?: string | undefined }) {
  return (
    <div className={css.tile}>
      <p>{label}</p>
      <p data-tone={tone}>{value}</p>
    </div>
  )
}

function Usage({ status }: { status: PreviewStatus }) {
  const samples = useUse(status.id)
  const { memory_usage_mb: used, memory_limit_mb: limit, cpu_usage_percent: cpu } = status
  const peak = samples.reduce((m, s) => Math.max(m, s.cpu), 0)
  return (
    <section className={css.charts} aria-label="Use">
      <Chart
        label="Memory"
        value={`${Math.round(used)} MB`}
        detail={`of ${limit} MB`}
        points={samples.map((s) => ({ at: s.at, value: s.memory }))}
        max={limit}
        warn={used > limit * 0.9}
      />
      <Chart
        label="CPU"
        value={`${cpu < 10 ? cpu.toFixed(1) : Math.round(cpu)} %`}
        detail="of one core"
        points={samples.map((s) => ({ at: s.at, value: s.cpu }))}
        max={Math.max(100, peak)}
        warn={false}
      />
    </section>
  )
}

function Launch({ status }: { status: PreviewStatus }) {
  const total = status.timings['total']
  const now = useNow()
  return (
    <section aria-label="Launch">
      <h3 className={css.title}>
        Launch
        <span>{total === undefined ? '' : `${took(total)}${status.cached ? ', dependencies cached' : ''}`}</span>
      </h3>
      <Steps steps={stepsOf(status, now, useSeen(status))} />
    </section>
  )
}

function Facts({ status, config }: { status: PreviewStatus; config: PreviewConfig | undefined }) {
  const facts: [string, string | undefined][] = [
    ['Command', status.command],
    ['Runtime', [status.runtime, status.framework].filter(Boolean).join(', ')],
    ['Port', status.port ? String(status.port) : ''],
    ['Preview', status.id],
    ['Maximum uptime', config && span(config.max_uptime_seconds * 1000)],
    ['Ends when idle for', config && (config.idle_timeout_seconds ? span(config.idle_timeout_seconds * 1000) : 'never')],
    ['Session token', config && `${span(config.session_timeout_seconds * 1000)} long`],
    ['Startup timeout', config && span(config.startup_timeout_seconds * 1000)],
    ['Health check', config && `every ${config.health_check_interval_seconds} s, ${config.health_check_retries} retries`],
    ['Memory limit', `${status.memory_limit_mb} MB`],
  ]
  return (
    <section aria-label="Configuration">
      <h3 className={css.title}>Configuration</h3>
      <dl className={css.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value || '–'}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
