/** One thing that hurts, as found in one object at one moment. */
export interface Symptom {
  /** Identity within the object while it lasts: the same key is not told twice. */
  readonly key: string;
  readonly reason: string;
  /** A second word: why, or what the source calls it. */
  readonly detail?: string | null;
  /** When it began, as the source says; null when it does not say. */
  readonly at: string | null;
  readonly source: 'container' | 'condition' | 'status' | 'event' | 'spec';
  readonly container?: string | null;
  readonly condition?: string;
  readonly status?: string;
  readonly restarts?: number;
  readonly exitCode?: number;
  readonly signal?: number;
  readonly count?: number;
  readonly resource?: string;
  readonly desired?: number;
  readonly actual?: number;
  readonly firstSeen?: string | null;
  readonly lastSeen?: string | null;
  readonly component?: string | null;
  /** About another object than the one read: an Event is about its involvedObject. */
  readonly about?: { readonly kind: string; readonly namespace: string | null; readonly name: string };
}

/** The circumstances of a look at an object. */
export interface Moment {
  readonly now: Date;
  /** What ended or was last seen before this is no news when it is first read. */
  readonly threshold: string;
  /** Read from a list, not told by a watch. */
  readonly isListed: boolean;
}
