import type { DataClass } from '../connectors/sdk/index.ts';

/** How bad it is when an edit of a policy turns out to be a mistake. */
export const RISKS = ['none', 'low', 'medium', 'high'] as const;
export type Risk = (typeof RISKS)[number];

/** What an edit does to what leaves: more of it, less of it, or something that is neither. */
export type Effect = 'opens' | 'closes' | 'changes';

/** What kinds of things an edit can change. */
export type ChangeKind =
  | 'field'
  | 'stream'
  | 'scope'
  | 'budget'
  | 'capability'
  | 'flag-end'
  | 'view'
  | 'detector'
  | 'pattern'
  | 'privilege'
  | 'retention'
  | 'break-glass';

/**
 * A field that opens, or opens further, by the class its manifest gives it. What names people, tells where they are or
 * holds whatever somebody typed can not be taken back once it left.
 */
const OPENED_CLASS: Readonly<Record<DataClass, Risk>> = {
  text: 'high',
  person: 'high',
  network: 'high',
  configuration: 'medium',
  identifier: 'low',
  reference: 'low',
  enumeration: 'low',
  measurement: 'low',
  timestamp: 'low',
};

/** Everything else that opens. A field, a stream and a capability say themselves what they risk. */
const OPENED_KIND: Readonly<
  Record<Exclude<ChangeKind, 'field' | 'stream' | 'capability' | 'detector'>, Risk>
> = {
  scope: 'medium', // more is looked at, with the same fields
  budget: 'low', // more load on the source
  'flag-end': 'low', // allowed already, for longer
  view: 'high', // no manifest says what its columns hold
  pattern: 'high', // what it found leaves
  privilege: 'high', // an account that may do more is used
  retention: 'low', // kept longer, and seen by nobody else
  'break-glass': 'high', // opens what the rules keep closed
};

/** Row changes carry values; writing changes the source. Others read something that is off by default. */
const OPENED_CAPABILITY: Readonly<Record<string, Risk>> = {
  writeback: 'high',
  cdc: 'medium',
  'server-log': 'medium', // lines are looked at, only counts leave
  'statement-texts': 'high', // texts that people wrote may leave
};

export function riskOfField(effect: Effect, dataClass: DataClass): Risk {
  return effect === 'closes' ? 'none' : OPENED_CLASS[dataClass];
}

export function riskOfKind(effect: Effect, kind: keyof typeof OPENED_KIND): Risk {
  return effect === 'closes' ? 'none' : OPENED_KIND[kind];
}

export function riskOfCapability(effect: Effect, capability: string): Risk {
  return effect === 'closes' ? 'none' : (OPENED_CAPABILITY[capability] ?? 'medium');
}

/** To let a finding through is worse than to hide it and let the rest through. */
export function riskOfDetector(effect: Effect, action: string): Risk {
  if (effect === 'closes') return 'none';
  return action === 'ignore' ? 'high' : 'low';
}

export function highest(risks: readonly Risk[]): Risk {
  return RISKS[Math.max(0, ...risks.map((risk) => RISKS.indexOf(risk)))] ?? 'none';
}
