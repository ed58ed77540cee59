export type { Endpoint, EndpointList, EndpointParameter as Parameter } from './schema'

/** A schema of JSON Schema's, as far as the tab reads it; `true` and `false` are schemas, too. */
export interface Schema {
  type?: string | string[]
  format?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  example?: unknown
  examples?: unknown[]
  properties?: Record<string, Schema | boolean>
  items?: Schema | boolean
  anyOf?: (Schema | boolean)[]
  oneOf?: (Schema | boolean)[]
  allOf?: (Schema | boolean)[]
  minimum?: number
}
