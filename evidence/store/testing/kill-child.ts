/**
 * A process for kill.itest.ts: commits batches of random size for ever and names each on standard output once it is
 * acknowledged. Usage: kill-child.ts <store> <seed>
 */
import { writeSync } from 'node:fs';
import type { Envelope } from '../../item.ts';
import { Ledger } from '../../ledger.ts';
import { openSqliteStore } from '../sqlite-store.ts';
import { at, fakeItem, fakeSealed } from './store-fixtures.ts';

const [path = '', seed = ''] = process.argv.slice(2);
const store = await openSqliteStore({ path });
const ledger = new Ledger({ store });
writeSync(1, 'open\n');

for (let batch = 0; ; batch += 1) {
  const size = 1 + ((batch * 7919) % 400);
  // The last item of every batch is in the next one again, as when a read is repeated.
  const items = Array.from({ length: size + 1 }, (_, index) => {
    const name =
      index === 0 ? `${seed}/${batch - 1}/last` : `${seed}/${batch}/${index === size ? 'last' : index}`;
    return fakeItem(name, {
      occurredAt: at(batch * 10 + index),
      entity: `kubernetes://prod/shop/Pod/checkout-${index % 50}`,
      related: ['kubernetes://prod/shop/Deployment/checkout'],
      body: { name, padding: 'x'.repeat(200) },
    });
  });
  const envelopes = items.map((item) => ({ item, canonical: JSON.stringify(item) }) as Envelope);
  const state = { connection: 'prod', read: 'objects', patch: { set: { [seed]: batch } } };
  const committed = await ledger.commit(envelopes, state, async (fresh, head) =>
    fakeSealed(
      fresh.map(({ item }) => item),
      head,
    ),
  );
  const ids = items.map((item) => item.id);
  // Written through, so that what the parent reads was acknowledged before the kill.
  writeSync(1, `${JSON.stringify({ seed, batch, manifest: committed.manifest, ids })}\n`);
}
