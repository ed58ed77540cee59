// Makes a CycloneDX list of standard input one that is the same wherever it is made, and prints it: sorted, without a serial number or a
// time, and without the addresses packages were fetched from.
// usage: sbom.mjs go
//        sbom.mjs npm PACKAGE.JSON VERSION    only what a browser is sent: what the package stands on, not what builds it
import { readFileSync } from 'node:fs'

const [kind, manifest, version] = process.argv.slice(2)
const bom = JSON.parse(readFileSync(0, 'utf8'))

const byRef = (a, b) => (a['bom-ref'] ?? a.ref).localeCompare(b['bom-ref'] ?? b.ref, 'en')

// reached are the packages that these stand on, and what those stand on.
function reached(refs, graph) {
  const seen = new Set()
  for (const open = [...refs]; open.length > 0; ) {
    const ref = open.pop()
    if (seen.has(ref)) continue
    seen.add(ref)
    open.push(...(graph.get(ref) ?? []))
  }
  return seen
}

// keepEmbedded leaves what the page is made of, with React, which the manifest names as a peer.
function keepEmbedded() {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(manifest, 'utf8'))
  const names = new Set(Object.keys({ ...dependencies, ...peerDependencies }))
  const graph = new Map(bom.dependencies.map((d) => [d.ref, d.dependsOn]))
  const root = bom.metadata.component
  const direct = graph.get(root['bom-ref']).filter((ref) => names.has(ref.slice(0, ref.lastIndexOf('@'))))
  if (direct.length !== names.size) throw new Error(`of ${[...names]} are listed: ${direct}`)
  const kept = reached(direct, graph)
  bom.components = bom.components.filter((c) => kept.has(c['bom-ref']))
  bom.dependencies = bom.dependencies.filter((d) => kept.has(d.ref))
  bom.dependencies.push({ ref: root['bom-ref'], dependsOn: direct })
  root.version = version
}

if (kind === 'npm') keepEmbedded()
delete bom.serialNumber
delete bom.metadata.timestamp
bom.components.sort(byRef)
bom.dependencies.sort(byRef)
for (const d of bom.dependencies) d.dependsOn?.sort()
for (const c of [bom.metadata.component, ...bom.components]) {
  const known = c.externalReferences?.filter((r) => r.type !== 'distribution')
  if (known?.length) c.externalReferences = known
  else delete c.externalReferences
}
console.log(JSON.stringify(bom, null, 2))
