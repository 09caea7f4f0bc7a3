import type { Detector, Net, Span } from './detectors/detector.ts';
import { marker, markerEraser } from './detectors/markers.ts';
import { normalise } from './normalise.ts';
import { blobsOf } from './redact-blobs.ts';
import { type FieldsResult, type Joined, scanFields } from './redact-fields.ts';
import { type Finding, merge, render } from './redact-findings.ts';
import { type Gate, makeGate } from './redact-gate.ts';
import { ENCODED, HIDING, WRAPPED } from './redact-gate-bits.ts';
import type { Wake } from './redact-gate-waking.ts';
import { unwrap } from './unwrap.ts';

export type { FieldsResult } from './redact-fields.ts';
export type { Finding } from './redact-findings.ts';

export interface ScanResult {
  /** The text with every finding replaced by `[REDACTED:<detector>]`. */
  readonly text: string;
  /** In order, without overlaps: the text can be rebuilt from the original and these. */
  readonly findings: readonly Finding[];
}

/** The second net. Never throws: what can not be scanned becomes `[REDACTED:unscannable]`. */
export interface Scanner {
  readonly net: Net;
  scan(text: string): ScanResult;
  /** Whether `scan` would find anything; for ordinary names and values one pass over the characters. */
  hasFinding(text: string): boolean;
  /**
   * The same for values that stand beside each other (fields of one item, elements of a list), over which a secret may
   * be split. Beside the scan of each value this reads the ends of neighbours together, about 200 characters a pair.
   */
  scanFields(values: readonly string[]): FieldsResult;
}

export interface ScannerOptions {
  /** Longer texts are unscannable, in UTF-16 code units; default 65,536. Beyond 1,050,000 every text is. */
  readonly maxLength?: number;
}

const NOTHING: readonly Finding[] = [];
/** In place of the id of a detector. */
const UNSCANNABLE = 'unscannable';
const DEFAULT_MAX_LENGTH = 65_536;
/** How often one text may be hidden in another (percent-encoded JSON in base64 …) before it is unscannable. */
const MAX_DEPTH = 6;
/** Characters that are read over all levels and rounds, as a multiple of the text's own length: work stays linear. */
const MAX_EXPANSION = 16;

/**
 * What is left is read again until nothing more is found: a secret can show when the one beside it is gone. Of 28,000
 * texts of corpora 21 needed a second round and none a third; what needs more was made to.
 */
const MAX_ROUNDS = 3;

/** A scanner with the detectors of one net: `text` runs all of them, `all` only those precise enough for kept values. */
export function makeScanner(
  detectors: readonly Detector[],
  net: Net,
  { maxLength = DEFAULT_MAX_LENGTH }: ScannerOptions = {},
): Scanner {
  const active = detectors.filter((detector) => net === 'text' || detector.net === 'all');
  const gate = makeGate(active);
  const wrapping = readerOfWrapped(active);
  const withoutMarkers = markerEraser([...detectors.map(({ id }) => id), UNSCANNABLE]);

  const scanOf = (text: string): Scan => ({
    active,
    gate,
    wrapping,
    left: MAX_EXPANSION * text.length + 64,
  });

  /** Findings of one reading, without those that hold nothing but what was redacted before. */
  function found(text: string, wake: Wake, scan: Scan): readonly Finding[] {
    const all = collect(scan, text, 0, wake);
    if (all.length === 0) return all;
    const own = withoutMarkers(text);
    return merge(
      own === text ? all : all.filter(({ start, end }) => LETTER_OR_DIGIT.test(own.slice(start, end))),
    );
  }

  /** Reads the text, puts in the markers, and reads what is left until nothing more is found. */
  function settle(text: string, first: readonly Finding[], scan: Scan): ScanResult {
    let findings = first;
    for (let round = 0; round <= MAX_ROUNDS; round++) {
      const { text: redacted, origin } = render(text, findings);
      if (isAll(findings, text)) return { text: redacted, findings };
      const wake = gate(redacted);
      const more = wake === undefined ? NOTHING : found(redacted, wake, scan);
      if (more.length === 0) return { text: redacted, findings };
      findings = merge([...findings, ...more.map((finding) => ({ ...finding, ...origin(finding) }))]);
    }
    return unscannable(text);
  }

  function scan(text: string): ScanResult {
    if (text.length > maxLength) return unscannable(text);
    try {
      const wake = gate(text);
      if (wake === undefined) return { text, findings: NOTHING };
      const scan = scanOf(text);
      const findings = found(text, wake, scan);
      return findings.length === 0 ? { text, findings } : settle(text, findings, scan);
    } catch {
      return unscannable(text);
    }
  }

  return {
    net,
    scan,
    hasFinding(text) {
      if (text.length > maxLength) return true;
      try {
        const wake = gate(text);
        return wake !== undefined && found(text, wake, scanOf(text)).length > 0;
      } catch {
        return true;
      }
    },
    scanFields: (values) => scanFields(values, scan, (joined) => acrossJoin(wrapping, joined)),
  };
}

/** Then nothing is left to be read. */
function isAll([first]: readonly Finding[], text: string): boolean {
  return first?.start === 0 && first.end === text.length;
}

function unscannable(text: string): ScanResult {
  return { text: marker(UNSCANNABLE), findings: [{ detector: UNSCANNABLE, start: 0, end: text.length }] };
}

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

interface Scan {
  readonly active: readonly Detector[];
  readonly gate: Gate;
  readonly wrapping: WrappedReader;
  /** Characters that may still be read. */
  left: number;
}

/** What is found in the text as it is, in what it decodes to, and in the encoded runs in it. */
function collect(scan: Scan, text: string, depth: number, wake: Wake | undefined): Finding[] {
  scan.left -= text.length;
  if (depth > MAX_DEPTH || scan.left < 0) throw new Error('the text is encoded too deeply');
  if (wake === undefined) return [];
  const { flags } = wake;
  const findings = detect(scan.active, text, wake);
  if ((flags & WRAPPED) !== 0) add(findings, overLines(scan, text));
  if ((flags & ENCODED) !== 0) add(findings, insideBlobs(scan, text, depth));
  if ((flags & HIDING) !== 0) add(findings, behindEncoding(scan, text, depth));
  return findings;
}

/** There may be more than a call takes as arguments. */
function add(findings: Finding[], more: readonly Finding[]): void {
  for (const finding of more) findings.push(finding);
}

function detect(active: readonly Detector[], text: string, { detectors, starts, runs }: Wake): Finding[] {
  const findings: Finding[] = [];
  for (let at = 0; at < detectors.length; at++) {
    const detector = active[detectors[at] as number] as Detector;
    const spans = detector.find(text, starts[at], runs);
    // Most find nothing, and to ask an empty list for its length takes less than to iterate over it.
    if (isList(spans) && spans.length === 0) continue;
    for (const { start, end } of spans) findings.push({ detector: detector.id, start, end });
  }
  return findings;
}

function isList(spans: Iterable<Span>): spans is readonly Span[] {
  return Array.isArray(spans);
}

/** What the detectors that look over line breaks find in a text that was put together. */
type WrappedReader = (joined: string) => Finding[];

/** With a gate of their own, since most texts that are put together wake only others; made when it is first needed. */
function readerOfWrapped(active: readonly Detector[]): WrappedReader {
  const wrapping = active.filter(({ wraps }) => wraps === true);
  let gate: Gate | undefined;
  return (joined) => {
    gate ??= makeGate(wrapping);
    const wake = gate(joined);
    return wake === undefined ? [] : detect(wrapping, joined, wake);
  };
}

/** What only shows when wrapped lines are joined. */
function overLines({ wrapping }: Scan, text: string): Finding[] {
  const reading = unwrap(text);
  if (reading === undefined) return [];
  return wrapping(reading.text)
    .map(({ detector, ...span }) => ({ detector, ...reading.origin(span) }))
    .filter((finding) => spansBreak(text, finding));
}

/** A line break where a number or a token goes on: what is found there and on the line alone is one. */
function spansBreak(text: string, { start, end }: Finding): boolean {
  const lineBreak = text.indexOf('\n', start);
  return lineBreak !== -1 && lineBreak < end;
}

/** What the ends of two neighbours show together, by the detectors that look over line breaks. */
function acrossJoin(wrapping: WrappedReader, { text, at }: Joined): readonly Finding[] {
  return wrapping(text).filter(({ start, end }) => start < at && end > at);
}

function behindEncoding(scan: Scan, text: string, depth: number): Finding[] {
  const reading = normalise(text);
  if (reading === undefined) return [];
  return collect(scan, reading.text, depth + 1, scan.gate(reading.text)).map(({ detector, ...span }) => ({
    detector,
    ...reading.origin(span),
  }));
}

function insideBlobs(scan: Scan, text: string, depth: number): Finding[] {
  const findings: Finding[] = [];
  for (const { start, end, decoded } of blobsOf(text)) {
    const found = collect(scan, decoded, depth + 1, scan.gate(decoded));
    for (const detector of new Set(found.map((one) => one.detector))) findings.push({ detector, start, end });
  }
  return findings;
}
