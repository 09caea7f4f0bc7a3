import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ConnectorDeps } from '../deps.ts';
import type { JsonValue } from '../json.ts';
import { type ConnectorManifest, connectorManifest } from '../manifest.ts';
import { fakeClock } from './clock.ts';
import { canonicalText } from './golden.ts';
import { recordingLogger } from './logger.ts';

/** Deps that touch nothing: a fake clock, a recording logger, a fixed digest key, and a fetch that refuses. */
export function fakeDeps(overrides: Partial<ConnectorDeps> = {}): ConnectorDeps {
  return {
    connection: 'test',
    clock: fakeClock(),
    logger: recordingLogger(),
    digest: fakeDigest,
    reads: new Map(),
    fetch: refuseFetch,
    ...overrides,
  };
}

/** Deterministic and shaped like the real one: HMAC-SHA-256 over key-sorted JSON, under a key that protects nothing. */
export function fakeDigest(value: JsonValue): string {
  return `hmac-sha256:${createHmac('sha256', 'testing kit').update(canonicalText(value)).digest('hex')}`;
}

async function refuseFetch(): Promise<Response> {
  throw new Error('this test hands in no fetch: use fakeFetch() or a loopback server');
}

/** The manifest of a connector folder, validated. */
export function loadManifest(folder: string): ConnectorManifest {
  return connectorManifest.parse(parse(readFileSync(join(folder, 'manifest.yaml'), 'utf8')));
}

/** The read files of a connector folder by read id, as the runtime hands them to the connector. */
export function loadReads(folder: string): ReadonlyMap<string, string> {
  const { reads } = loadManifest(folder);
  return new Map(reads.map((read) => [read.id, readFileSync(join(folder, read.file), 'utf8')]));
}
