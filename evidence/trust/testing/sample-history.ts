import { generateNoteKey, localNoteSigner, type NoteSigner } from '../../log/note.ts';
import { generateKeyPair, localSigner } from '../../sign/local.ts';
import type { Signer } from '../../sign/signer.ts';
import {
  accepted,
  beginHistory,
  checkpointEntry,
  evidenceEntry,
  withNewKey,
  withRevokedKey,
} from '../key-changes.ts';
import { formatKeyHistory, type KeyHistory, type SignedKeyHistory, signKeyHistory } from '../key-history.ts';

/** A history that grows step by step, for tests. */
export class SampleHistory {
  readonly versions: SignedKeyHistory[] = [];
  history: KeyHistory;

  private constructor(history: KeyHistory) {
    this.history = history;
  }

  static async begin(
    signer: Signer,
    at: string,
    checkpoint: NoteSigner = sampleNoteSigner(),
  ): Promise<SampleHistory> {
    const keys = [evidenceEntry(signer.publicKeyPem, at), checkpointEntry(checkpoint.vkey, at)] as const;
    const sample = new SampleHistory(beginHistory('acme', keys, { at, by: 'agent' }));
    await sample.add(sample.history, signer);
    return sample;
  }

  async add(next: KeyHistory, signer: Signer): Promise<this> {
    this.versions.push(await signKeyHistory(next, signer));
    this.history = next;
    return this;
  }

  async rotate(from: Signer, to: Signer, at: string, overlapMs: number): Promise<this> {
    const entry = evidenceEntry(to.publicKeyPem, at);
    await this.add(withNewKey(this.history, entry, overlapMs, { at, by: 'os:ana' }), from);
    return this.add(accepted(this.history, to.keyId, { at, by: 'os:ana' }), to);
  }

  async rotateCheckpoint(by: Signer, to: NoteSigner, at: string, overlapMs: number): Promise<this> {
    return this.add(
      withNewKey(this.history, checkpointEntry(to.vkey, at), overlapMs, { at, by: 'os:ana' }),
      by,
    );
  }

  async revoke(keyId: string, by: Signer, at: string, since: string = at): Promise<this> {
    return this.add(
      withRevokedKey(this.history, { keyId, reason: 'laptop lost', at, since, by: 'os:ana' }),
      by,
    );
  }

  text(versions: readonly SignedKeyHistory[] = this.versions): string {
    return formatKeyHistory(versions);
  }
}

export function sampleSigner(): Signer {
  return localSigner(generateKeyPair().privateKeyPem);
}

export function sampleNoteSigner(name = 'acme.exhibit.internal'): NoteSigner {
  return localNoteSigner(name, generateNoteKey());
}
