// References to a value held elsewhere and values that say "nothing here".
const REFERENCES: readonly RegExp[] = [
  /^\$\{[^{}]{0,256}\}$/,
  /^\$\([^()]{0,256}\)$/,
  /^\$[A-Z_][A-Z0-9_]{1,64}$/,
  /^\{\{[^{}]{0,256}\}\}$/,
  /^<[^<>]{0,256}>$/,
  /^%(?:s|d|v|q|\([A-Za-z_]{1,64}\)s)$/,
  /^\$[1-9][0-9]{0,2}$/,
  /^(?:var|local|module|data|env|secrets|process\.env)\.[A-Za-z0-9_.]{1,128}$/,
  /^(?:null|nil|none|true|false|undefined|n\/a)$/i,
];

export const PLACEHOLDER_PATTERNS = REFERENCES;

/** A value that stands for a secret without being one: empty, masked, a variable, a template. */
export function isPlaceholder(value: string): boolean {
  return value === '' || isMasked(value) || REFERENCES.some((form) => form.test(value));
}

function isMasked(value: string): boolean {
  const first = value.charCodeAt(0);
  if (!'*.•xX-_'.includes(value[0] ?? '')) return false;
  for (let i = 1; i < value.length; i++) {
    if (value.charCodeAt(i) !== first) return false;
  }
  return true;
}
