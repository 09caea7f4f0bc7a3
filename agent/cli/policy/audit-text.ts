import type { JsonObject, JsonValue } from '../../../connectors/sdk/index.ts';

/** As many names of what opened or closed as a line is read with; `--json` has more. */
const SHOWN = 4;

/** What an entry of the audit trail says beside who, when and what: why, what it opened, who signed, why it was refused. */
export function detailLines(detail: JsonObject): readonly string[] {
  const { message, problems, version, opened, closed, risk, signers, claimed, reason } = detail;
  const told = [
    ['version', textOf(version)],
    ['refused', textOf(message)],
    ...listOf(problems).map((problem) => ['problem', problem]),
    ['opens', someOf(opened, textOf(risk))],
    ['closes', someOf(closed)],
    ['signed', signedBy(listOf(signers))],
    ['reason', textOf(reason)],
    ...(Array.isArray(claimed) ? claimed : []).map((one) => ['claimed', claimText(one)]),
  ];
  return told.flatMap(([name = '', text = '']) => (text === '' ? [] : [`${name.padEnd(8)} ${text}`]));
}

/** Keys by the start of their id, as in the names of their signatures' files. */
export function signedBy(signers: readonly string[]): string {
  const ids = signers.map((id) => id.replace(/^sha256:/, '').slice(0, 12));
  return ids.length === 0 ? '' : `by ${ids.join(', ')}`;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function someOf(value: JsonValue | undefined, risk = ''): string {
  const names = listOf(value);
  if (names.length === 0) return '';
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `${names.slice(0, SHOWN).join(', ')}${more}${risk === '' ? '' : ` (risk ${risk})`}`;
}

function claimText(claim: JsonValue): string {
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) return '';
  const { layer, by, reason, ticket } = claim as JsonObject;
  const where = [textOf(ticket), textOf(layer)].filter((text) => text !== '').join(', ');
  return `by ${textOf(by)}: ${textOf(reason)} (${where}; said in the file, not proven)`;
}
