import { execFile } from 'node:child_process';
import { generateKeyPairSync, hash, randomBytes, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { print, rate } from '../measure.ts';

/** What OpenSSL can do on one core of this machine, now. */
export interface OpensslSpeed {
  /** Bytes a second of SHA-256 over 16 KiB. */
  readonly sha256: number;
  /** P-256 signatures made, and verified, a second. */
  readonly sign: number;
  readonly verify: number;
  /** Who said so. */
  readonly by: 'openssl speed' | 'node:crypto';
}

const run = promisify(execFile);

/** Asks OpenSSL's own benchmark, in its machine-readable form; without the program, node:crypto in a loop. */
export async function opensslSpeed(): Promise<OpensslSpeed> {
  const speed = (await ownSpeed().catch(() => null)) ?? (await nodeSpeed());
  print({ name: 'limit.openssl.sha256', value: speed.sha256 / 1e6, unit: 'MB/s', note: speed.by });
  print({ name: 'limit.openssl.p256.sign', value: speed.sign, unit: '1/s', note: speed.by });
  print({ name: 'limit.openssl.p256.verify', value: speed.verify, unit: '1/s', note: speed.by });
  return speed;
}

async function ownSpeed(): Promise<OpensslSpeed | null> {
  const speed = (...args: readonly string[]) => run('openssl', ['speed', '-mr', '-seconds', '2', ...args]);
  const digest = await speed('-bytes', '16384', '-evp', 'sha256');
  const curve = await speed('ecdsap256');
  const [, sha256] = /^\+F:\d+:sha256:([\d.]+)$/m.exec(digest.stdout) ?? [];
  const [, made, verified] = /^\+F4:\d+:256:([\d.]+):([\d.]+)$/m.exec(curve.stdout) ?? [];
  if (sha256 === undefined || made === undefined || verified === undefined) return null;
  return { sha256: Number(sha256), sign: Number(made), verify: Number(verified), by: 'openssl speed' };
}

async function nodeSpeed(): Promise<OpensslSpeed> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [block, message] = [randomBytes(16_384), randomBytes(64)];
  const signature = sign('sha256', message, privateKey);
  return {
    sha256: await rate(block.length, () => hash('sha256', block, 'hex')),
    sign: await rate(1, () => sign('sha256', message, privateKey)),
    verify: await rate(1, () => verify('sha256', message, publicKey, signature)),
    by: 'node:crypto',
  };
}
