import { type Detector, marker, type Net, type Span } from './detectors/detector.ts';
import { normalise } from './normalise.ts';
import { blobsOf } from './redact-blobs.ts';
import { BLOB, FOLD, type Gate, makeGate } from './redact-gate.ts';

/** Offsets into the original text in UTF-16 code units, end exclusive. */
export interface Finding {
  /** Id of the detector, or `unscannable` for a text that the scanner could not vouch for. */
  readonly detector: string;
  readonly start: number;
  readonly end: number;
}

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

/** A scanner with the detectors of one net: `text` runs all of them, `all` only those precise enough for kept values. */
export function makeScanner(
  detectors: readonly Detector[],
  net: Net,
  { maxLength = DEFAULT_MAX_LENGTH }: ScannerOptions = {},
): Scanner {
  const active = detectors.filter((detector) => net === 'text' || detector.net === 'all');
  const gate = makeGate(active);

  function scan(text: string): ScanResult {
    return scanWith(text, undefined);
  }

  function scanWith(text: string, bits: number | undefined): ScanResult {
    if (text.length > maxLength) return unscannable(text);
    try {
      const findings = merge(collect({ active, gate, left: MAX_EXPANSION * text.length + 64 }, text, 0, bits ?? gate(text)));
      return { text: render(text, findings), findings };
    } catch {
      return unscannable(text);
    }
  }

  return {
    net,
    scan,
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

/** One finding for each stretch of overlapping ones, named after the longest. */
function merge(found: readonly Finding[]): Finding[] {
  const merged: Finding[] = [];
  let longest = 0;
  for (const finding of found.toSorted((a, b) => a.start - b.start || b.end - a.end || order(a, b))) {
    const last: Span | undefined = merged.at(-1);
    const length = finding.end - finding.start;
    if (length <= 0) continue;
    if (last === undefined || finding.start >= last.end) {
      merged.push(finding);
      longest = length;
      continue;
    }
    const { detector } = length > longest ? finding : (merged.at(-1) as Finding);
    longest = Math.max(longest, length);
    merged[merged.length - 1] = { detector, start: last.start, end: Math.max(last.end, finding.end) };
  }
  return merged;
}

function order(a: Finding, b: Finding): number {
  return a.detector < b.detector ? -1 : a.detector > b.detector ? 1 : 0;
}

function render(text: string, findings: readonly Finding[]): string {
  if (findings.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { detector, start, end } of findings) {
    parts.push(text.slice(at, start), marker(detector));
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
