import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditLog, storedLog } from './audit.ts';
import { httpLog } from './http-log.ts';
import { LogFixture } from './testing/log-fixture.ts';
import { LogServer, served } from './testing/log-server.ts';
import { decodeEntries } from './tiles.ts';

let fixture: LogFixture;
let server: LogServer;
let url: URL;
const waits: number[] = [];
const source = () =>
  httpLog({
    url,
    timeoutMs: 2_000,
    sleep: async (ms) => {
      waits.push(ms);
    },
  });

beforeEach(async () => {
  fixture = new LogFixture();
  await fixture.growTo(300);
  server = new LogServer(served(fixture.log));
  url = new URL(await server.listen());
  waits.length = 0;
});
afterEach(() => server.close());

describe('a log over HTTP', () => {
  it('is read as it is stored', async () => {
    const [http, stored] = [source(), storedLog(fixture.log)];
    expect(await http.checkpoint()).toBe(await stored.checkpoint());
    expect(Buffer.from(await http.tile(0, 1, 44))).toEqual(Buffer.from(await stored.tile(0, 1, 44)));
    expect(Buffer.from(await http.entries(1, 44))).toEqual(Buffer.from(await stored.entries(1, 44)));
    expect(server.requests.map(({ path }) => path)).toEqual([
      'checkpoint',
      'tile/0/001.p/44',
      'tile/entries/001.p/44',
    ]);
    expect(server.requests.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  it('may have full tiles only, as the specification lets it', async () => {
    await fixture.growTo(512);
    const serve = served(fixture.log);
    server.serve = async (path) => (path.includes('.p/') ? null : serve(path));
    const tile = await source().tile(0, 1, 44);
    expect(Buffer.from(tile)).toEqual(Buffer.from(await fixture.log.tile(0, 1, 44)));
    expect(decodeEntries(await source().entries(1, 44), 44)).toHaveLength(44);
  });

  it('may have its address with or without a slash at its end', async () => {
    url = new URL(`${url.href}/`);
    expect(await source().checkpoint()).toBe(await fixture.log.checkpoint());
  });

  it('is waited for when it is busy, as long as it says, and not forever', async () => {
    let left = 2;
    server.intercept = (_request, response) => {
      if (left === 0) return false;
      left -= 1;
      response.writeHead(left === 1 ? 429 : 503, left === 1 ? { 'Retry-After': '7' } : {}).end();
      return true;
    };
    expect(await source().checkpoint()).toBe(await fixture.log.checkpoint());
    expect(waits).toEqual([7_000, 1_000]);
    left = 100;
    await expect(source().checkpoint()).rejects.toMatchObject({ code: 'LOG', fault: 'server' });
    expect(waits).toHaveLength(7);
    left = 2;
    server.intercept = (_request, response) => {
      if (left === 0) return false;
      left -= 1;
      response.writeHead(429, { 'Retry-After': '86400' }).end();
      return true;
    };
    await source().checkpoint();
    expect(waits.slice(7)).toEqual([30_000, 30_000]);
  });

  it('is read on from where its reader was, whatever the size it had then', async () => {
    for (const size of [1, 255, 256, 257, 299, 300]) {
      const kept = await fixture.log.checkpoint(size);
      const seen: number[] = [];
      const { vkey } = fixture.signer;
      const onEntry = async (index: number): Promise<void> => {
        seen.push(index);
      };
      const audited = await auditLog({ source: source(), vkey, kept, onEntry });
      expect(audited).toMatchObject({ added: 300 - size, checkpoint: { size: 300 } });
      expect(seen).toEqual(Array.from({ length: 300 - size }, (_, index) => size + index));
    }
  });

  it.each([
    ['a tile that is longer', 'tile/0/000', Buffer.alloc(256 * 32 + 1), 'server'],
    ['a tile that is shorter', 'tile/0/000', Buffer.alloc(255 * 32), 'tiles'],
    ['a bundle of nothing', 'tile/entries/000', Buffer.alloc(0), 'gap'],
    ['a bundle that is longer than can be', 'tile/entries/000', Buffer.alloc(256 * 65_537 + 1), 'server'],
    ['an HTML page', 'checkpoint', '<!doctype html>\n\n', 'signature'],
    ['a checkpoint without end', 'checkpoint', 'x'.repeat(70_000), 'server'],
  ] as const)('is not believed with %s', async (_case, path, body, fault) => {
    const serve = served(fixture.log);
    server.serve = async (asked) => (asked === path ? body : serve(asked));
    const audit = auditLog({ source: source(), vkey: fixture.signer.vkey, kept: null });
    await expect(audit).rejects.toMatchObject({ code: 'LOG', fault });
  });
});
