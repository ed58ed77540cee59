import { Http, type HttpOptions } from './http'
import type {
  AppAnswer,
  AppRequest,
  Generation,
  GenerationPage,
  Launched,
  LaunchRequest,
  LogPage,
  LogQuery,
  PreviewConfig,
  PreviewPage,
  PreviewStatus,
  Session,
} from './types'
import type { EndpointList } from './endpoints'

export interface Share {
  url: string
  expires_at: string
}

const of = (generation: string) => `/generations/${encodeURIComponent(generation)}`
const previewOf = (generation: string) => `${of(generation)}/preview`

/** The API, a method for each route that the tab uses. */
export class Client {
  readonly http: Http

  constructor(options: HttpOptions) {
    this.http = new Http(options)
  }

  previews = (cursor?: string, signal?: AbortSignal) =>
    this.http.json<PreviewPage>('/previews', { query: { limit: 100, cursor }, signal })

  generations = (signal?: AbortSignal) => this.http.json<GenerationPage>('/generations', { query: { limit: 200 }, signal })

  generation = (id: string, signal?: AbortSignal) => this.http.json<Generation>(of(id), { signal })

  deleteGeneration = (id: string) => this.http.send(of(id), { method: 'DELETE' })

  launch = (id: string, body: LaunchRequest) =>
    this.http.json<Launched>(`${previewOf(id)}/launch`, { method: 'POST', body })

  status = (id: string, signal?: AbortSignal) => this.http.json<PreviewStatus>(`${previewOf(id)}/status`, { signal })

  stop = (id: string) => this.http.send(previewOf(id), { method: 'DELETE' })

  /** Lets a preview live for as long from now as the server allows: it cuts what is more. */
  extend = (id: string) => this.http.json<PreviewStatus>(`${previewOf(id)}/extend`, { method: 'POST', body: { duration: 30 * 24 * 3600 } })

  config = (id: string, signal?: AbortSignal) => this.http.json<PreviewConfig>(`${previewOf(id)}/config`, { signal })

  /** Makes a session token and leaves those that others hold. */
  session = (id: string) => this.http.json<Session>(`${previewOf(id)}/session`, { method: 'POST', body: { keep: true } })

  /** Makes a link that opens the preview for so many seconds. */
  share = (id: string, ttl: number) => this.http.json<Share>(`${previewOf(id)}/share`, { method: 'POST', body: { ttl_seconds: ttl } })

  /** Takes back all links that were made to a preview. */
  revokeShares = (id: string) => this.http.send(`${previewOf(id)}/share`, { method: 'DELETE' })

  logs = (id: string, query: LogQuery, signal?: AbortSignal) =>
    this.http.json<LogPage>(`${previewOf(id)}/logs`, { query: { ...query }, signal })

  exportLogs = (id: string, query: Record<string, string | boolean | undefined>) =>
    this.http.send(`${previewOf(id)}/logs/export`, { query })

  endpoints = (id: string, signal?: AbortSignal) => this.http.json<EndpointList>(`${previewOf(id)}/endpoints`, { signal })

  request = (id: string, session: string, body: AppRequest) =>
    this.http.json<AppAnswer>(`${previewOf(id)}/request`, { method: 'POST', body, headers: { 'X-Preview-Token': session } })
}
