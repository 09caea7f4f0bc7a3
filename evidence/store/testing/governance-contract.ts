import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SignedReceipt } from '../../receipt.ts';
import type { AuditEntry, Decision, StoredPolicyVersion } from '../governance.ts';
import type { Store } from '../store.ts';
import type { StoreUnderTest } from './store-contract.ts';
import { at, fakeLogged } from './store-fixtures.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

function policyVersion(digit: string, fields: Partial<StoredPolicyVersion> = {}): StoredPolicyVersion {
  return {
    digest: digest(digit),
    version: `standard@${digit}`,
    appliedAt: at(Number.parseInt(digit, 16)),
    by: 'os:ops',
    source: 'reload',
    signers: [digest('e')],
    layers: [{ name: 'standard', digest: digest('f'), text: `rules: [] # ${digit}\n` }],
    changes: { opened: [`postgresql/statements/${digit}`], closed: [] },
    risk: 'medium',
    active: true,
    ...fields,
  };
}

const DECISION: Decision = {
  connection: 'orders-db',
  read: 'statements',
  policy: digest('1'),
  decision: 'deny',
  code: 'READ_DENIED',
  reason: 'the policy does not allow this read',
  at: at(100),
};

const AUDIT: AuditEntry = {
  at: at(1),
  actor: 'os:ops',
  action: 'policy.apply',
  target: digest('1'),
  outcome: 'done',
  detail: { risk: 'low', fields: 3 },
};

function receipt(digit: string): SignedReceipt {
  return {
    id: digest(digit),
    kind: 'epoch-erasure',
    createdAt: at(Number.parseInt(digit, 16)),
    canonical: `{"receipt":"${digit}"}`,
    attestation: `{"mediaType":"${digit}"}`,
  };
}

/** What every store keeps for governance operators. */
export function describeGovernance(name: string, { open, reopen }: StoreUnderTest): void {
  describe(`${name} as a store for governance`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    describe('policy versions', () => {
      it('keeps each as it was applied, one of them active', async () => {
        expect(await store.governance.activePolicyVersion()).toBeNull();
        await store.governance.savePolicyVersion(policyVersion('1'));
        await store.governance.savePolicyVersion(policyVersion('2', { source: 'api', risk: 'high' }));
        store = await reopen(store);
        expect(await store.governance.activePolicyVersion()).toEqual(
          policyVersion('2', { source: 'api', risk: 'high' }),
        );
        expect(await store.governance.policyVersion(digest('1'))).toEqual(
          policyVersion('1', { active: false }),
        );
        expect(await store.governance.policyVersion(digest('9'))).toBeNull();
      });

      it('only moves the time of a digest that was there before, and makes it the active one again', async () => {
        for (const digit of ['1', '2']) await store.governance.savePolicyVersion(policyVersion(digit));
        const again = policyVersion('1', { appliedAt: at(99), by: 'api:someone', source: 'api' });
        await store.governance.savePolicyVersion(again);
        const { items } = await store.governance.policyVersions({ limit: 10 });
        expect(items).toEqual([
          policyVersion('1', { appliedAt: at(99) }),
          policyVersion('2', { active: false }),
        ]);
        expect((await store.governance.activePolicyVersion())?.digest).toBe(digest('1'));
      });

      it('leaves the active one alone when another is only kept', async () => {
        await store.governance.savePolicyVersion(policyVersion('1'));
        await store.governance.savePolicyVersion(policyVersion('2', { active: false }));
        expect((await store.governance.activePolicyVersion())?.digest).toBe(digest('1'));
      });

      it('lists them newest first, in pages', async () => {
        for (const digit of ['1', '2', '3']) await store.governance.savePolicyVersion(policyVersion(digit));
        const first = await store.governance.policyVersions({ limit: 2 });
        const second = await store.governance.policyVersions({ limit: 2, cursor: first.next ?? '' });
        expect([first, second].map(({ items }) => items.map((one) => one.version))).toEqual([
          ['standard@3', 'standard@2'],
          ['standard@1'],
        ]);
        expect(second.next).toBeNull();
      });
    });

    describe('decisions', () => {
      const all = async () => (await store.governance.decisions({ limit: 1_000 })).items;

      it('counts what repeats and keeps apart what differs', async () => {
        const others: Partial<Decision>[] = [
          { connection: 'prod' },
          { read: 'locks' },
          { policy: digest('2') },
          { decision: 'withhold' },
          { code: 'SCOPE' },
        ];
        for (const other of [{}, ...others]) await store.governance.recordDecision({ ...DECISION, ...other });
        await store.governance.recordDecision({ ...DECISION, at: at(300) });
        await store.governance.decisions({ limit: 1 });
        await store.governance.recordDecision({ ...DECISION, at: at(50), reason: 'said anew' });
        const found = await all();
        expect(found).toHaveLength(6);
        expect(found[0]).toEqual({
          connection: 'orders-db',
          read: 'statements',
          policy: digest('1'),
          decision: 'deny',
          code: 'READ_DENIED',
          reason: 'said anew',
          firstAt: at(50),
          lastAt: at(300),
          count: 3,
        });
        expect(found.slice(1).map(({ count }) => count)).toEqual([1, 1, 1, 1, 1]);
      });

      it('is durable once the run is finished', async () => {
        await store.governance.recordDecision(DECISION);
        await store.finishRun('run-1', { endedAt: at(1), status: 'ok', items: 0, gaps: 0, error: null });
        store = await reopen(store);
        expect(await all()).toMatchObject([{ code: 'READ_DENIED', count: 1 }]);
      });

      it('is durable once the store is closed', async () => {
        await store.governance.recordDecision(DECISION);
        store = await reopen(store);
        expect(await all()).toMatchObject([{ count: 1 }]);
      });

      it('lists those seen last first, filtered and in pages', async () => {
        for (let index = 0; index < 7; index += 1) {
          await store.governance.recordDecision({
            ...DECISION,
            code: `CODE_${index}`,
            at: at(100 + (index % 3)),
            connection: index < 4 ? 'orders-db' : 'prod',
            decision: index === 6 ? 'canary' : 'deny',
          });
        }
        const codes: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await store.governance.decisions({
            limit: 2,
            ...(cursor === null ? {} : { cursor }),
          });
          codes.push(...page.items.map(({ code }) => code));
          cursor = page.next;
        } while (cursor !== null);
        expect(codes).toEqual(['5', '2', '4', '1', '6', '3', '0'].map((index) => `CODE_${index}`));
        const filtered = async (query: object) =>
          (await store.governance.decisions({ limit: 10, ...query })).items.map(({ code }) => code.slice(-1));
        expect(await filtered({ connection: 'prod' })).toEqual(['5', '4', '6']);
        expect(await filtered({ decision: 'canary' })).toEqual(['6']);
        expect(await filtered({ since: at(101) })).toEqual(['5', '2', '4', '1']);
      });

      it('keeps 10,000 rows at most: superseded policies lose theirs first, then what is oldest', async () => {
        await store.governance.savePolicyVersion(policyVersion('1'));
        const record = (policy: string, from: number, count: number, time: number) =>
          Promise.all(
            Array.from({ length: count }, (_, index) =>
              store.governance.recordDecision({
                ...DECISION,
                policy,
                code: `CODE_${from + index}`,
                at: at(time + index),
              }),
            ),
          );
        await record(digest('1'), 0, 9_000, 0);
        await record(digest('2'), 0, 1_500, 1_000_000);
        const rows: { policy: string; code: string }[] = [];
        let cursor: string | null = null;
        do {
          const page = await store.governance.decisions({
            limit: 1_000,
            ...(cursor === null ? {} : { cursor }),
          });
          rows.push(...page.items);
          cursor = page.next;
        } while (cursor !== null);
        expect(rows.length).toBeLessThanOrEqual(10_000);
        expect(rows.filter(({ policy }) => policy === digest('1'))).toHaveLength(9_000);
        expect(rows.filter(({ policy }) => policy === digest('2')).at(0)?.code).toBe('CODE_1499');
      });

      it.each([{ limit: 0 }, { limit: 1, since: 'yesterday' }, { limit: 1, cursor: 'x' }])(
        'refuses %j',
        async (query) => {
          await expect(store.governance.decisions(query)).rejects.toMatchObject({ code: 'QUERY' });
        },
      );

      it('refuses a decision without a time', async () => {
        await expect(store.governance.recordDecision({ ...DECISION, at: 'yesterday' })).rejects.toMatchObject(
          { code: 'QUERY' },
        );
      });
    });

    describe('the audit trail', () => {
      it('numbers entries, returns them as they were written, newest first, and holds', async () => {
        expect(await store.governance.verifyAudit()).toEqual({ ok: true, entries: 0 });
        const entries = [AUDIT, { ...AUDIT, action: 'keys.erase', outcome: 'refused' as const }, AUDIT];
        for (const entry of entries) await store.governance.appendAudit(entry);
        store = await reopen(store);
        const first = await store.governance.audit({ limit: 2 });
        const second = await store.governance.audit({ limit: 2, cursor: first.next ?? '' });
        const found = [...first.items, ...second.items];
        expect(found.map(({ sequence }) => sequence)).toEqual([3, 2, 1]);
        expect(found.map(({ sequence: _sequence, hash: _hash, ...entry }) => entry)).toEqual(
          entries.toReversed(),
        );
        expect(new Set(found.map(({ hash }) => hash)).size).toBe(3);
        expect(second.next).toBeNull();
        expect(await store.governance.verifyAudit()).toEqual({ ok: true, entries: 3 });
      });

      it('refuses an entry without bounds, and keeps nothing of it', async () => {
        const large = { ...AUDIT, detail: { text: 'x'.repeat(17_000) } };
        await expect(store.governance.appendAudit(large)).rejects.toMatchObject({ code: 'QUERY' });
        expect(await store.governance.verifyAudit()).toEqual({ ok: true, entries: 0 });
      });
    });

    describe('receipts', () => {
      async function save(digit: string): Promise<void> {
        const logged = fakeLogged(digest(digit), await store.head());
        await store.governance.saveReceipt({ ...receipt(digit), logged });
      }

      it('are returned as they were signed, newest first', async () => {
        for (const digit of ['1', '2', '3']) await save(digit);
        store = await reopen(store);
        const first = await store.governance.receipts({ limit: 2 });
        const second = await store.governance.receipts({ limit: 2, cursor: first.next ?? '' });
        expect([...first.items, ...second.items]).toEqual(['3', '2', '1'].map(receipt));
        expect(await store.governance.receipt(digest('2'))).toEqual(receipt('2'));
        expect(await store.governance.receipt(digest('9'))).toBeNull();
      });

      it('are kept once', async () => {
        await save('1');
        const head = await store.head();
        await expect(save('1')).rejects.toMatchObject({ code: expect.stringMatching(/^(STORE|LOG)$/) });
        expect(await store.head()).toEqual(head);
      });
    });

    it('says so when it is used after it was closed', async () => {
      await store.close();
      const closed = { code: 'STORE', message: 'the store is closed' };
      await expect(store.governance.recordDecision(DECISION)).rejects.toMatchObject(closed);
      await expect(store.governance.verifyAudit()).rejects.toMatchObject(closed);
      await expect(store.retention.expire([], at(0))).rejects.toMatchObject(closed);
    });
  });
}
