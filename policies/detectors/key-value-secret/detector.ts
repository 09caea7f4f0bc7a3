import type { Detector, Span } from '../detector.ts';
import { PLACEHOLDER_PATTERNS } from '../placeholder.ts';
import { makeRunReader, type Runs } from '../runs.ts';
import { ALIGNED_PATTERNS, alignedAround } from './aligned.ts';
import { type Assignment, assignmentAfter, READERS } from './assignment.ts';
import { CHAT_CUES, CHAT_PATTERNS, isChatCue, valuesInChat } from './chat.ts';
import { mayHoldKey } from './first-look.ts';
import { FOREIGN_PATTERNS, valuesOfForeign } from './foreign.ts';
import { endOfPhrase } from './in-words.ts';
import { isConvincing, JUDGE_PATTERNS } from './judge.ts';
import { KEY_PATTERNS, type Key, keysIn } from './keys.ts';
import { NAMED_AFTER_PATTERNS, valueNamedAfter } from './named-after.ts';
import { NEXT_VALUE_PATTERNS, valueInItsPlace } from './next-value.ts';
import { PHRASE_PATTERNS, PHRASES, valuesOfPhrases } from './phrases.ts';
import { isPublic, isStandIn } from './stand-in.ts';
import { TABLE_PATTERNS, tableAround } from './table.ts';
import { VALUE_PATTERNS } from './value.ts';

const readRuns = makeRunReader();

function* valuesOf(text: string, starts?: readonly number[], runs: Runs = readRuns(text)): Generator<Span> {
  if (runs.lastForeign !== -1) yield* valuesOfForeign(text);
  if (starts?.some((start) => isPhrase(text, start)) !== false) yield* valuesOfPhrases(text);
  if (starts?.some((start) => isChatCue(text, start)) !== false) yield* valuesInChat(text);
  let covered = 0;
  let inTable = 0;
  for (const key of keysIn(text, starts)) {
    if (key.start < covered || isPublic(text, key)) continue;
    const table = key.start < inTable ? undefined : tableOf(text, key);
    if (table !== undefined) inTable = table.end;
    if (table !== undefined && table.secrets.length > 0) {
      yield* table.secrets;
      continue;
    }
    const value =
      secretOf(text, key, assignmentAfter(text, key.start, key.end)) ??
      secretOf(text, key, valueNamedAfter(text, key.start));
    if (value === undefined) continue;
    const end = endOfPhrase(text, key, value) ?? value.extent();
    covered = Math.max(covered, end);
    yield { start: value.start, end };
    const next = valueInItsPlace(text, end);
    if (next === undefined) continue;
    covered = next.end;
    yield next;
  }
}

function tableOf(text: string, { start, end }: Key): ReturnType<typeof tableAround> {
  return tableAround(text, start, end) ?? alignedAround(text, start, end);
}

function secretOf(text: string, key: Key, value: Assignment | undefined): Assignment | undefined {
  if (value === undefined) return undefined;
  const raw = text.slice(value.start, value.end);
  if (isStandIn(text, key, raw, value)) return undefined;
  return isConvincing(text, key, raw, value) ? value : undefined;
}

function isPhrase(text: string, start: number): boolean {
  const first = text.charCodeAt(start) | 32;
  if (first < SMALL_B || first > SMALL_S) return false;
  return /^(?:log|sign|reco|back)/i.test(text.slice(start, start + 4));
}

const SMALL_B = 0x62;
const SMALL_S = 0x73;

export const detector: Detector = {
  id: 'key-value-secret',
  title: 'Value assigned to a name that says it is a secret',
  docs: 'CWE-532, CWE-798; forms: shell, INI, YAML, JSON, XML, HTTP, libpq and ADO.NET connection strings, SQL, CLI flags, Kubernetes env entries, program text, prose',
  net: 'all',
  wraps: true,
  keywords: [
    'pass',
    'pwd',
    'pswd',
    'secret',
    'cred',
    'key',
    'bearer',
    'token',
    'auth',
    'tkn',
    'jwt',
    'otp',
    'pin',
    'puk',
    'pw',
    'pat=',
    'pat:',
    'pat =',
    'pat :',
    'pat"',
    'pat\\',
    '_pat ',
    '_pat\n',
    '_pat\r',
    "pat'",
    'erlang',
    'otp_seed',
    'otp seed',
    'otp-seed',
    'otpseed',
    'mfa_seed',
    'mfa seed',
    'mfa-seed',
    'mfaseed',
    'pword',
    '_pk=',
    '_pk:',
    '_pk =',
    'signing_salt',
    'initial_management',
    'code_verifier',
    'codeverifier',
    'zugangsdaten',
    'security answer',
    'security_answer',
    'securityanswer',
    'reporter_id',
    'reporter id',
    'reporterid',
    'activation code',
    'activation_code',
    'app_cert',
    'app cert',
    'appcert',
    'session id',
    'session_id',
    'session-id',
    'sessionid',
    ...PHRASES,
    ...CHAT_CUES,
    'pepper',
    'hash_salt',
    'hash-salt',
    'hashsalt',
    'password_salt',
    'verification code',
    'verification_code',
    'fa code',
    'fa_code',
    'sms code',
    'sms_code',
    'login code',
    'login_code',
    'time code',
    'security code',
    'security_code',
    'paswo',
    'paswd',
    'nonce_salt',
    'logged_in_salt',
    'unlock code',
    'access code',
    'access_code',
    'psw',
    'psk',
    'sig',
    'sas',
    'dsn',
    'kennwort',
    'senha',
    'wachtwoord',
    'parola',
    'clave',
    'identified',
    'salasana',
    'heslo',
    'adgangskode',
    'contrase',
    'senord',
  ],
  accepts: mayHoldKey,
  shapes: ['foreign'],
  patterns: [
    ...JUDGE_PATTERNS,
    ...KEY_PATTERNS,
    ...VALUE_PATTERNS,
    ...PHRASE_PATTERNS,
    ...READERS,
    ...FOREIGN_PATTERNS,
    ...NAMED_AFTER_PATTERNS,
    ...NEXT_VALUE_PATTERNS,
    ...TABLE_PATTERNS,
    ...ALIGNED_PATTERNS,
    ...CHAT_PATTERNS,
    ...PLACEHOLDER_PATTERNS,
  ],
  find: valuesOf,
};
