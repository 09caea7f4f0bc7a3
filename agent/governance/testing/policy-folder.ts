import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { recordingLogger } from '../../../connectors/sdk/testing/index.ts';
import type { StoredAudit } from '../../../evidence/store/governance.ts';
import { openSqliteStore } from '../../../evidence/store/sqlite-store.ts';
import type { Store } from '../../../evidence/store/store.ts';
import { type Governed, type GovernedOptions, governed } from './governed.ts';

/** A folder with policy files and a store, for as long as a test takes. */
export class PolicyFolder {
  readonly path: string;
  readonly logger = recordingLogger();
  #store: Store;
  readonly #open: Governed[] = [];

  private constructor(folder: string, store: Store) {
    this.path = folder;
    this.#store = store;
  }

  static async make(): Promise<PolicyFolder> {
    const folder = await mkdtemp(path.join(tmpdir(), 'exhibit-policy-'));
    return new PolicyFolder(folder, await openSqliteStore({ path: path.join(folder, 'evidence.db') }));
  }

  get store(): Store {
    return this.#store;
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.#store.close();
    await rm(this.path, { recursive: true });
  }

  async stop(): Promise<void> {
    for (const { supervisor } of this.#open.splice(0)) await supervisor.stop();
  }

  /** As after a restart of the agent: nothing but the files of the store is left. */
  async reopen(): Promise<void> {
    await this.stop();
    await this.#store.close();
    this.#store = await openSqliteStore({ path: path.join(this.path, 'evidence.db') });
  }

  async write(name: string, text: string): Promise<string> {
    const file = path.join(this.path, name);
    await writeFile(file, text);
    return file;
  }

  async govern(options: Omit<GovernedOptions, 'store' | 'logger'>): Promise<Governed> {
    const open = await governed({ store: this.#store, logger: this.logger, ...options });
    this.#open.push(open);
    return open;
  }

  async audit(): Promise<readonly StoredAudit[]> {
    return (await this.#store.governance.audit({ limit: 1_000 })).items.toReversed();
  }
}

/** A policy about the sample connector. */
export function policyText(
  of: {
    readonly name?: string;
    readonly version?: string;
    readonly rules?: readonly string[];
    readonly more?: string;
  } = {},
): string {
  const rules = (of.rules ?? []).map((rule) => `  - ${rule}\n`).join('');
  return `apiVersion: exhibit/v1
kind: Policy
metadata: { name: ${of.name ?? 'acme'}, version: "${of.version ?? '1'}", description: for tests }
${rules === '' ? '' : `rules:\n${rules}`}${of.more ?? ''}`;
}

export const NAMES =
  '{ id: names, description: names, streams: [sample/blocking], fields: [relation], treatment: keep }';
export const NUMBERS =
  '{ id: numbers, description: numbers, streams: [sample/blocking], fields: [pid, wait_ms], treatment: keep }';
export const QUERIES =
  '{ id: queries, description: query texts, streams: [sample/blocking], fields: [query], treatment: scan }';
