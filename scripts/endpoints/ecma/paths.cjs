// Writes the paths of the frameworks in the corpus's form: parameters as {name}, one path for each way in which optional
// parts can be there.
'use strict';

const optional = [/\/:(\w+)(\([^)]*\))?\?/, /\{([^{}]*)\}/];

function ways(p, colons) {
  for (const [i, form] of optional.entries()) {
    if (i === 1 && colons) continue;
    const hit = form.exec(p);
    if (!hit) continue;
    const without = p.slice(0, hit.index) + p.slice(hit.index + hit[0].length);
    const inner = i === 0 ? `/:${hit[1]}${hit[2] ?? ''}` : hit[1];
    const within = p.slice(0, hit.index) + inner + p.slice(hit.index + hit[0].length);
    return [...ways(without, colons), ...ways(within, colons)];
  }
  return [p];
}

// colons: a doubled colon is a colon, and expressions may follow a name at once (Fastify).
function expand(list, { colons = false } = {}) {
  return list.flatMap((p) => ways(p, colons)).map((p) => p
    .replace(/::/g, '\0')
    .replace(/:(\w+)(\((?:[^()]|\([^()]*\))*\))?/g, '{$1}')
    .replace(/\*(\w+)/g, '{$1}')
    .replace(/\0/g, ':'));
}

// hapi's {name?}, {name*} and {name*2}
function braces(p) {
  if (/\/\{\w+\?\}/.test(p)) return [...braces(p.replace(/\/\{\w+\?\}/, '')), ...braces(p.replace(/\?\}/, '}'))];
  return [p.replace(/\{(\w+)\*\d*\}/g, '{$1}') || '/'];
}

const join = (prefixes, paths) => prefixes.flatMap((a) => paths.map((b) => {
  const inner = b === '/' ? '' : b;
  return `${a}${inner && !inner.startsWith('/') ? '/' : ''}${inner}`.replace(/\/{2,}/g, '/');
}));

function print(found) {
  const lines = new Set(found.map(({ method, path }) => {
    const p = path.length > 1 ? path.replace(/\/$/, '') : path;
    return JSON.stringify({ method, path: p || '/' });
  }));
  const key = (line) => { const { path, method } = JSON.parse(line); return `${path}\0${method}`; };
  return `[\n${[...lines].sort((a, b) => (key(a) < key(b) ? -1 : 1)).map((l) => `  ${l}`).join(',\n')}\n]\n`;
}

module.exports = { expand, braces, order: { join, print } };
