import type { Schema } from '../api/endpoints'

const DEEPEST = 6

/** exampleOf makes a value that a schema allows, as far as it is told: an example or default before a made-up one. */
export function exampleOf(schema: Schema | boolean | null | undefined, depth = 0): unknown {
  if (typeof schema !== 'object' || schema === null || depth > DEEPEST) return null
  const given = [schema.example, schema.examples?.[0], schema.default, schema.const, schema.enum?.[0]].find((v) => v !== undefined)
  if (given !== undefined) return given
  if (schema.allOf) return merged(schema.allOf.map((s) => exampleOf(s, depth + 1)))
  const choice = schema.anyOf ?? schema.oneOf
  if (choice) return exampleOf(choice.find((s) => typeof s === 'object' && s.type !== 'null') ?? choice[0], depth + 1)
  return ofType(schema, depth)
}

function ofType(schema: Schema, depth: number): unknown {
  const type = Array.isArray(schema.type) ? schema.type.find((t) => t !== 'null') : schema.type
  if (schema.properties || type === 'object') {
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, s]) => [name, exampleOf(s, depth + 1)]))
  }
  if (type === 'array') return schema.items === undefined ? [] : [exampleOf(schema.items, depth + 1)]
  if (type === 'integer' || type === 'number') return schema.minimum ?? 0
  if (type === 'boolean') return false
  if (type === 'string') return FORMATS[schema.format ?? ''] ?? 'string'
  return null
}

const FORMATS: Record<string, string> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  email: 'user@example.com',
  uri: 'https://example.com',
  uuid: '00000000-0000-4000-8000-000000000000',
}

function merged(values: unknown[]): unknown {
  const objects = values.filter((v) => typeof v === 'object' && v !== null && !Array.isArray(v))
  return objects.length > 0 ? Object.assign({}, ...objects) : (values[0] ?? null)
}
