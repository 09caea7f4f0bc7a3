interface Container {
  readonly isObject: boolean;
  index: number;
  name: string;
}

const PLAIN_NAME = /^[A-Za-z_$][\w$-]{0,63}$/;
const QUOTED_NAME = /^[\w$./@:-]{1,128}$/;

/**
 * The path of the string or number that begins at an offset of JSON text: `body.changes[2].to`; before it `line 2: ` for
 * the second of several documents. For a name it is the path of its member. Names that may not be said, and names that
 * nobody would have chosen for a field, become `[name]`.
 */
export function pathAt(bytes: Uint8Array, offset: number, mayBeSaid: (name: string) => boolean): string {
  const stack: Container[] = [];
  let documents = 0;
  let isValue = false;
  for (let at = 0; at < bytes.length; at++) {
    const character = String.fromCharCode(bytes[at] ?? 0);
    const top = stack.at(-1);
    if (stack.length === 0 && '{["'.includes(character)) documents++;
    if (character === '{' || character === '[') {
      stack.push({ isObject: character === '{', index: 0, name: '' });
      isValue = false;
    } else if (character === '}' || character === ']') {
      stack.pop();
    } else if (character === ',' && top !== undefined) {
      top.index++;
      isValue = false;
    } else if (character === ':') {
      isValue = true;
    } else if (character === '"') {
      const end = endOfString(bytes, at + 1);
      if (top?.isObject === true && !isValue) top.name = nameIn(bytes, at + 1, end);
      if (offset <= end) break;
      at = end;
    }
    if (at >= offset) break;
  }
  const path = stack.map((container, depth) => stepOf(container, depth, mayBeSaid)).join('');
  return documents > 1 ? `line ${documents}: ${path}` : path;
}

function endOfString(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1;
  return at;
}

function nameIn(bytes: Uint8Array, from: number, to: number): string {
  try {
    return JSON.parse(`"${Buffer.from(bytes.subarray(from, to)).toString('utf8')}"`) as string;
  } catch {
    return '';
  }
}

function stepOf(
  { isObject, index, name }: Container,
  depth: number,
  mayBeSaid: (name: string) => boolean,
): string {
  if (!isObject) return `[${index}]`;
  if (!QUOTED_NAME.test(name) || !mayBeSaid(name)) return `${depth === 0 ? '' : '.'}[name]`;
  if (!PLAIN_NAME.test(name)) return `["${name}"]`;
  return depth === 0 ? name : `.${name}`;
}
