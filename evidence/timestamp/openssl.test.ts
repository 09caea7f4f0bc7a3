import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { testAuthority } from '../../test/helpers/timestamp-authority.ts';
import { hasOpenssl } from '../../test/helpers/tls-files.ts';
import { timestampRequest } from './request.ts';
import { verifyTimestamp } from './verify.ts';

/** `openssl ts` is an authority and a verifier that somebody else wrote. */

const OPENSSL = hasOpenssl();
if (!OPENSSL) {
  process.stderr.write('skipped, because openssl is not installed: evidence/timestamp/openssl.test.ts\n');
}

const directory = mkdtempSync(join(tmpdir(), 'exhibit-tsa-'));
afterAll(() => rmSync(directory, { recursive: true }));

const authority = testAuthority();
const [leaf, root] = authority.certificates;
const signature = Buffer.from('3044022012', 'hex');
const nonce = Buffer.from('00f1e2d3c4b5a697', 'hex');

function file(name: string, data: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, data);
  return path;
}

function openssl(...args: readonly string[]): { readonly ok: boolean; readonly text: string } {
  const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: directory, encoding: 'utf8' });
  return { ok: status === 0, text: `${stdout}${stderr}` };
}

const CONFIG = `
[tsa]
default_tsa = authority
[authority]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
`;

describe.skipIf(!OPENSSL)('openssl ts', () => {
  const request = file('request.tsq', timestampRequest(signature, nonce));

  it('reads our request', () => {
    const { text } = openssl('ts', '-query', '-in', request, '-text');
    expect(text).toMatch(/Version: 1\nHash Algorithm: sha256/);
    expect(text).toMatch(/Nonce: 0xF1E2D3C4B5A697\nCertificate required: yes/);
  });

  it.each(['sha1', 'sha256', 'sha512'])(
    'answers it so that we verify its answer (certificate by %s)',
    (digest) => {
      file('tsa.cnf', CONFIG.replace('ess_cert_id_alg = sha256', `ess_cert_id_alg = ${digest}`));
      file('serial', '01');
      const key = file('tsa.key', leaf?.privateKey.export({ type: 'pkcs8', format: 'pem' }) ?? '');
      const certificate = file('tsa.pem', leaf?.pem ?? '');
      const signer = ['-config', 'tsa.cnf', '-signer', certificate, '-inkey', key];
      const made = openssl('ts', '-reply', '-queryfile', request, ...signer, '-out', 'reply.tsr');
      expect(made.ok, made.text).toBe(true);
      const reply = readFileSync(join(directory, 'reply.tsr'));
      const { time } = verifyTimestamp(reply, signature, authority.chainPem);
      expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(600_000);
      expect(() => verifyTimestamp(reply, Buffer.from('30', 'hex'), authority.chainPem)).toThrow(
        /not about this/,
      );
    },
  );

  it('verifies what the test authority answers, so that it is a fair stand-in', () => {
    const reply = file('ours.tsr', authority.answer(readFileSync(request)));
    const trusted = file('root.pem', root?.pem ?? '');
    const verified = openssl('ts', '-verify', '-queryfile', request, '-in', reply, '-CAfile', trusted);
    expect(verified.text).toMatch(/Verification: OK/);
    const wrong = file(
      'wrong.tsr',
      authority.answer(readFileSync(request), { imprintOf: Buffer.from('else') }),
    );
    expect(openssl('ts', '-verify', '-queryfile', request, '-in', wrong, '-CAfile', trusted).ok).toBe(false);
  });
});
