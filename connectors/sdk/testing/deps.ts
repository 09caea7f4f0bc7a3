import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ConnectorDeps } from '../deps.ts';
import type { JsonValue } from '../json.ts';
import { type ConnectorManifest, connectorManifest } from '../manifest.ts';
import { STREAMS_FOLDER, withStreams } from '../manifest-files.ts';
import { readFilesOf } from '../read-files.ts';
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
  const read = (...names: string[]): unknown => parse(readFileSync(join(folder, ...names), 'utf8'));
  const streams = join(folder, STREAMS_FOLDER);
  const files = existsSync(streams) ? readdirSync(streams).sort() : [];
  const parts = files.map((name) => read(STREAMS_FOLDER, name));
  return connectorManifest.parse(withStreams(read('manifest.yaml'), parts));
}

/** The read files of a connector folder, as the runtime hands them to the connector. */
export function loadReads(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(join(folder, 'queries')).map((name) => `queries/${name}`);
  const { reads } = loadManifest(folder);
  return new Map(
    reads.flatMap((read) =>
      readFilesOf(read, names).map(({ key, file }) => [key, readFileSync(join(folder, file), 'utf8')]),
    ),
  );
}
