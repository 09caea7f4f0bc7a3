import { type Detector, marker, type Net } from './detectors/detector.ts';
import { normalise, unwrap } from './normalise.ts';
import { blobsOf } from './redact-blobs.ts';
import { type Finding, merge, render } from './redact-findings.ts';
import { BLOB, FOLD, type Gate, LINES, makeGate } from './redact-gate.ts';

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
}

export interface ScannerOptions {
  /** Longer texts are unscannable, in UTF-16 code units; default 65,536. */
  readonly maxLength?: number;
}

const DEFAULT_MAX_LENGTH = 65_536;
/** How often one text may be hidden in another (percent-encoded JSON in base64 …) before it is unscannable. */
const MAX_DEPTH = 6;
/** Decoded characters over all levels, as a multiple of the text's own length: work stays linear. */
const MAX_EXPANSION = 16;

/** What is left is read again until nothing more is found: a secret can show when the one beside it is gone. */
const MAX_ROUNDS = 8;

/** A scanner with the detectors of one net: `text` runs all of them, `all` only those precise enough for kept values. */
export function makeScanner(
  detectors: readonly Detector[],
  net: Net,
  { maxLength = DEFAULT_MAX_LENGTH }: ScannerOptions = {},
): Scanner {
  const active = detectors.filter((detector) => net === 'text' || detector.net === 'all');
  const gate = makeGate(active);

  const withoutMarkers = markerEraser(detectors);

  /** Findings of one reading, without those that hold nothing but what was redacted before. */
  function read(text: string, bits: number): Finding[] {
    const found = collect({ active, gate, left: MAX_EXPANSION * text.length + 64 }, text, 0, bits);
    const own = withoutMarkers(text);
    return merge(
      own === text ? found : found.filter(({ start, end }) => LETTER_OR_DIGIT.test(own.slice(start, end))),
    );
  }

  function scanWith(text: string, bits: number | undefined): ScanResult {
    if (text.length > maxLength) return unscannable(text);
    try {
      let findings = read(text, bits ?? gate(text));
      for (let round = 0; findings.length > 0; round++) {
        const { text: redacted, origin } = render(text, findings);
        const more = read(redacted, gate(redacted));
        if (more.length === 0) return { text: redacted, findings };
        if (round === MAX_ROUNDS) return unscannable(text);
        findings = merge([
          ...findings,
          ...more.map(({ detector, ...span }) => ({ detector, ...origin(span) })),
        ]);
      }
      return { text, findings };
    } catch {
      return unscannable(text);
    }
  }

  return {
    net,
    scan: (text) => scanWith(text, undefined),
    hasFinding(text) {
      if (text.length > maxLength) return true;
      const bits = gate(text);
      return bits !== 0 && scanWith(text, bits).findings.length > 0;
    },
  };
}

function unscannable(text: string): ScanResult {
  const detector = 'unscannable';
  return { text: marker(detector), findings: [{ detector, start: 0, end: text.length }] };
}

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** Blanks the markers of known detectors; what only looks like a marker is text as any other. */
function markerEraser(detectors: readonly Detector[]): (text: string) => string {
  const ids = [...detectors.map(({ id }) => id), 'unscannable'];
  const markers = new RegExp(`\\[REDACTED:(?:${ids.join('|')})\\]`, 'g');
  return (text) =>
    text.includes('[REDACTED:') ? text.replaceAll(markers, (found) => ' '.repeat(found.length)) : text;
}

interface Scan {
  readonly active: readonly Detector[];
  readonly gate: Gate;
  /** Characters that may still be read. */
  left: number;
}

/** What is found in the text as it is, in what it decodes to, and in the encoded runs in it. */
function collect(scan: Scan, text: string, depth: number, bits: number): Finding[] {
  scan.left -= text.length;
  if (depth > MAX_DEPTH || scan.left < 0) throw new Error('the text is encoded too deeply');
  if (bits === 0) return [];
  const findings = detect(scan.active, text, bits);
  if ((bits & LINES) !== 0) findings.push(...overLines(scan, text, findings));
  if ((bits & BLOB) !== 0) findings.push(...insideBlobs(scan, text, depth));
  if ((bits & FOLD) !== 0) findings.push(...behindEncoding(scan, text, depth));
  return findings;
}

function detect(active: readonly Detector[], text: string, bits: number): Finding[] {
  const findings: Finding[] = [];
  for (const [index, detector] of active.entries()) {
    if ((bits & (1 << index)) === 0) continue;
    for (const { start, end } of detector.find(text)) findings.push({ detector: detector.id, start, end });
  }
  return findings;
}

/** What only shows when wrapped lines are joined; where a line alone tells it, what follows is another matter. */
function overLines({ active, gate }: Scan, text: string, known: readonly Finding[]): Finding[] {
  const reading = unwrap(text);
  if (reading === undefined) return [];
  const starts = new Set(known.map(({ start }) => start));
  const wrapping = gate(reading.text) & bitsOf(active, (detector) => detector.wraps === true);
  return detect(active, reading.text, wrapping)
    .map(({ detector, ...span }) => ({ detector, ...reading.origin(span) }))
    .filter(({ start, end }) => !starts.has(start) && text.slice(start, end).includes('\n'));
}

function bitsOf(active: readonly Detector[], chosen: (detector: Detector) => boolean): number {
  return active.reduce((bits, detector, index) => (chosen(detector) ? bits | (1 << index) : bits), 0);
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
    const [found] = collect(scan, decoded, depth + 1, scan.gate(decoded));
    if (found !== undefined) findings.push({ detector: found.detector, start, end });
  }
  return findings;
}
