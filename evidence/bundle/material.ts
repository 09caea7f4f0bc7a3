import { z } from 'zod';
import { keyHistoryChain } from '../trust/key-history.ts';

/**
 * The part `material` of a bundle: what whoever verifies it would otherwise have to ask for. It comes from the one whom it is
 * to check, so nothing of it is believed: compare it with what was had from somewhere else.
 */
export const bundleMaterial = z.strictObject({
  keyHistory: keyHistoryChain,
  /** Verifier key of the log (c2sp.org/signed-note). */
  logKey: z.string().min(1).max(512),
  /** SubjectPublicKeyInfo, PEM; the newest first. */
  publicKeys: z.array(z.string().min(1).max(1_024)).min(1).max(16),
  /** As `cosign --trusted-root` reads it. */
  trustedRoot: z.record(z.string(), z.unknown()),
  /** How a stranger checks this bundle: VERIFY.md of its archive. Signed with the rest, so that nobody can tell them to trust another key. */
  verify: z
    .string()
    .min(1)
    .max(64 * 1024),
});
export type BundleMaterial = z.infer<typeof bundleMaterial>;
