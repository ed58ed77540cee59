/** A schema of JSON Schema's, as far as the tab reads it. */
export interface Schema {
  type?: string | string[]
  title?: string
  description?: string
  format?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  example?: unknown
  examples?: unknown[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  minimum?: number
  $ref?: string
}

export interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Schema | null
}

export interface Endpoint {
  path: string
  method: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: Parameter[] | null
  request_schema?: Schema | null
  response_schema?: Schema | null
  source?: { file: string; line: number } | null
  origin?: string
}

export interface EndpointList {
  endpoints: Endpoint[]
  count: number
}
