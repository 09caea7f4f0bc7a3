import type { Random } from './random.ts';

/** Something that must not get out, as it would stand in a text. */
export interface Canary {
  /** Enough text to tell what it is; holds `value` once. */
  readonly fragment: string;
  /** What must not be readable afterwards. */
  readonly value: string;
}

export interface CanaryClass {
  readonly id: string;
  readonly kind: 'secret' | 'personal';
  readonly make: (random: Random) => Canary;
  /** Sentences with `{}` where the fragment stands; without them, those for any secret. */
  readonly carriers?: readonly string[];
}

/** A canary that tells by itself what it is. */
export function whole(value: string): Canary {
  return { fragment: value, value };
}

export function around(before: string, value: string, after = ''): Canary {
  return { fragment: `${before}${value}${after}`, value };
}
