/**
 * A process for kill.itest.ts: commits sealed batches of all sizes for ever and names each on standard output once it
 * is acknowledged. Usage: kill-child.ts <store> <seed> <private key, PEM> <key of the log, PEM>
 */
import { createSecretKey } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { canonicalize } from '../../canonical-json.ts';
import type { Head } from '../../chain.ts';
import { reopenEnvelopes } from '../../envelope.ts';
import type { Envelope } from '../../item.ts';
import { hex, itemSalt } from '../../leaf.ts';
import { Ledger } from '../../ledger.ts';
import { localNoteSigner } from '../../log/note.ts';
import { seal } from '../../seal.ts';
import { localSigner } from '../../sign/local.ts';
import { SAMPLE_ORIGIN, sampleContext } from '../../testing/samples.ts';
import { openSqliteStore } from '../sqlite-store.ts';
import { at, fakeItem } from './store-fixtures.ts';

// Otherwise written at the end, which this process does not live to see.
flushCompileCache();

const [path = '', seed = '', keyFile = '', noteKeyFile = ''] = process.argv.slice(2);
const keys = {
  signer: localSigner(readFileSync(keyFile, 'utf8')),
  checkpointSigner: localNoteSigner(SAMPLE_ORIGIN, readFileSync(noteKeyFile, 'utf8')),
  saltKey: Buffer.alloc(32, 0x5a),
};
const saltKey = createSecretKey(keys.saltKey);
const store = await openSqliteStore({ path });
const ledger = new Ledger({ store });
writeSync(1, 'open\n');

for (let batch = 0; ; batch += 1) {
  const envelopes = reopenEnvelopes(batchOf(batch), keys.saltKey);
  const state = { connection: 'prod', read: 'objects', patch: { set: { [seed]: batch } } };
  const committed = await ledger.commit(envelopes, state, sealWith);
  const ids = envelopes.map(({ item }) => item.id);
  // Written through, so that what the parent reads was acknowledged before the kill.
  writeSync(1, `${JSON.stringify({ seed, batch, manifest: committed.manifest, ids })}\n`);
}

/** The last item of every batch is in the next one again, as when a read is repeated. */
function batchOf(batch: number) {
  const size = 1 + ((batch * 7919) % 400);
  return Array.from({ length: size + 1 }, (_, index) => {
    const name =
      index === 0 ? `${seed}/${batch - 1}/last` : `${seed}/${batch}/${index === size ? 'last' : index}`;
    const item = fakeItem(name, {
      occurredAt: at(batch * 10 + index),
      entity: `kubernetes://prod/shop/Pod/checkout-${index % 50}`,
      related: ['kubernetes://prod/shop/Deployment/checkout'],
      body: { name, padding: 'x'.repeat(200) },
    });
    const canonical = canonicalize(item);
    return { id: item.id, canonical, salt: hex(itemSalt(Buffer.from(canonical), saltKey)) };
  });
}

function sealWith(fresh: readonly Envelope[], head: Head) {
  return seal(fresh, sampleContext(fresh, keys, { head }));
}
