/** Why a change is worth looking at. */
export interface Reason {
  readonly code:
    | 'same-object'
    | 'owner'
    | 'node'
    | 'referenced'
    | 'linked'
    | 'governs'
    | 'same-app'
    | 'same-name'
    | 'same-scope'
    | 'fits'
    | 'before'
    | 'after'
    | 'changed-again'
    | 'more-symptoms'
    | 'in-window';
  /** What it adds to the score; negative for what speaks against. */
  readonly points: number;
  /** One sentence that speaks of association, never of cause. */
  readonly text: string;
  /** Id of the item that first told the symptom. */
  readonly symptom?: string;
}

/**
 * Scope outweighs time: what changed on the object that hurts stands above what changed elsewhere a second before. The
 * numbers have no meaning but their order; the tests and the recorded scenarios hold them in place.
 */
export const POINTS = {
  sameObject: 40,
  owner: 36,
  node: 32,
  referenced: 32,
  referencedByOwner: 30,
  governs: 32,
  linked: [0, 0, 22, 14],
  /** Over an image tag that equals a revision. */
  linkedByRevision: [0, 18, 16, 12],
  sameApp: 16,
  sameName: 12,
  sameScope: 10,
  fits: 18,
  /** Right before; halves every `beforeHalfLifeMs`. */
  before: 24,
  /** Share of it for a change seen between two reads that lie around the symptom. */
  beforePerhaps: 0.75,
  /** The same for changes that nothing but time associates. */
  beforeUnrelated: 8,
  after: -30,
  /** The same object was changed once more before the symptom showed. */
  changedAgain: -12,
  manySymptomsAtMost: 8,
  inWindow: 1,
} as const;

export const BEFORE_HALF_LIFE_MS = 15 * 60_000;

/** Kubernetes writes many times in whole seconds; what seems to come this much later may have come first. */
export const CLOCK_SLACK_MS = 2_000;
