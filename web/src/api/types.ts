import type { paths } from './schema'

export type {
  AppAnswer,
  AppRequest,
  Generation,
  Launched,
  LaunchRequest,
  Level,
  LogLine,
  LogRow,
  Phase,
  Preview,
  PreviewConfig,
  PreviewStatus,
  Problem,
  Source,
  Status,
  StreamEnd,
  Upload,
} from './schema'

type Answer<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  responses: { 200: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never

export type LogPage = Answer<'/api/v1/generations/{generation_id}/preview/logs', 'get'>
export type PreviewPage = Answer<'/api/v1/previews', 'get'>
export type GenerationPage = Answer<'/api/v1/generations', 'get'>
export type Session = Answer<'/api/v1/generations/{generation_id}/preview/session', 'post'>

/** What a page of the stored log is chosen by. */
export interface LogQuery {
  after?: number
  before?: number
  cursor?: string
  limit?: number
  level?: string
  source?: string
  since?: string
  until?: string
  q?: string
  regex?: boolean
  preview_id?: string
}
