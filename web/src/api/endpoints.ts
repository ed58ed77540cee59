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

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie' | 'body'
  type?: string
  format?: string
  required: boolean
  default?: unknown
  example?: unknown
  description?: string
  enum?: string[]
}

export interface Endpoint {
  path: string
  method: string
  summary: string
  description: string
  tags: string[]
  name: string
  parameters: Parameter[]
  request_schema: Schema | boolean | null
  request_example: unknown
  response_schema: Schema | boolean | null
  source: { file: string; line: number } | null
  origin: 'static' | 'live' | 'both'
}

export interface EndpointList {
  endpoints: Endpoint[]
  count: number
  builtin: Endpoint[]
  complete: boolean
  warnings: { file: string; line: number; message: string }[]
}
