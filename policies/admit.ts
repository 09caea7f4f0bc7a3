import type { AdmittedRead, ReadRequest, Timestamp } from '../connectors/sdk/index.ts';
import { type CompiledPolicy, isStale, matchesRest } from './compile.ts';

/** Why a read was refused before anything left the agent. */
export type DenyCode =
  | 'UNKNOWN_READ'
  | 'UNPROVEN_READ'
  | 'STALE_POLICY'
  | 'PRIVILEGE_REFUSED'
  | 'CAPABILITY_DENIED'
  | 'STREAM_DENIED'
  | 'STREAM_STOPPED'
  | 'MODE_DENIED'
  | 'BAD_WINDOW';

export interface Denied {
  readonly denied: DenyCode;
  readonly reason: string;
  readonly hint: string;
}

/** Digests of the read files that were proved read-only when they were loaded, by `<connector>/<read>`. */
export type ProvenReads = ReadonlyMap<string, string>;

/** What is known of the connections while the agent runs. */
export interface Standing {
  /** Rights that the connection's account holds and no read needs, in the source's terms; empty until it was asked. */
  excess(connection: string): readonly string[];
  /** Whether a canary has shown in this stream and nobody has looked since. */
  isStopped(connection: string, stream: string): boolean;
}

/** Nothing is held against any connection. */
export const GOOD_STANDING: Standing = { excess: () => [], isStopped: () => false };

export interface AdmitDeps {
  readonly policy: CompiledPolicy;
  readonly proven: ProvenReads;
  readonly standing: Standing;
  readonly now: Timestamp;
}

/**
 * The first gate: decides by name, before anything is sent. What it lets through carries its ceilings and its scope.
 */
export function admit(
  request: ReadRequest,
  { policy, proven, standing, now }: AdmitDeps,
): AdmittedRead | Denied {
  if (isStale(policy, now)) {
    return deny(
      'STALE_POLICY',
      'a flag or an emergency rule of the policy has begun or ended, and the policy was not compiled anew',
      'This passes by itself within a second; restart the agent if it does not.',
    );
  }
  const name = `${request.connector}/${request.read}`;
  const held = policy.of(request.connection);
  const plan = held.reads.get(name);
  if (plan === undefined) {
    return deny(
      'UNKNOWN_READ',
      'no connector declares this read',
      'Ask for a read that `exhibit connector show` lists.',
    );
  }
  if (!proven.has(name)) {
    return deny(
      'UNPROVEN_READ',
      'what this read would send was not proved read-only when it was loaded',
      'Run `exhibit connector check` to see what the guard refused.',
    );
  }
  const refused = refusedPrivileges(standing.excess(request.connection), held.refusedPrivileges);
  if (refused.length > 0) {
    return deny(
      'PRIVILEGE_REFUSED',
      `the account of this connection holds rights that the policy refuses: ${refused.join(', ')}`,
      'Take them away (`exhibit rbac` prints what is needed), or use another account.',
    );
  }
  if (plan.lacks !== null) {
    return deny(
      'CAPABILITY_DENIED',
      `this read needs the capability ${plan.lacks}, which no flag of the policy that holds now gives`,
      `Add a flag to the policy's capabilities, with an owner and an end: capability ${plan.lacks}, connectors [${request.connector}].`,
    );
  }
  if (plan.streams.length === 0) {
    return deny(
      'STREAM_DENIED',
      'the policy lets out no field of any stream that this read feeds',
      `Add a rule for ${plan.read.emits.map((stream) => `${request.connector}/${stream}`).join(', ')}.`,
    );
  }
  if (request.mode !== plan.read.mode && request.mode !== 'full') {
    return deny(
      'MODE_DENIED',
      'this read can not run in the mode asked for',
      `Use ${plan.read.mode} or full.`,
    );
  }
  if (!(Date.parse(request.window.from) <= Date.parse(request.window.to))) {
    return deny(
      'BAD_WINDOW',
      'the window does not end after it starts',
      'Give RFC 3339 times with from before to.',
    );
  }
  const streams = plan.streams.filter((stream) => !standing.isStopped(request.connection, stream));
  if (streams.length === 0) {
    return deny(
      'STREAM_STOPPED',
      'a canary has shown in every stream that this read feeds',
      'Find out how it got there, then `exhibit policy release` the stream.',
    );
  }
  const views = plan.views.length === 0 ? {} : { views: plan.views };
  const decided = { budget: plan.budget, streams, scope: held.scope, plan: plan.digest, ...views };
  return { ...request, ...decided } as unknown as AdmittedRead;
}

/** Which of the rights held are refused. */
export function refusedPrivileges(held: readonly string[], refused: readonly string[]): readonly string[] {
  return held.filter((right) => refused.some((pattern) => matchesRest(pattern, right)));
}

export function isDenied(decision: AdmittedRead | Denied): decision is Denied {
  return 'denied' in decision;
}

function deny(denied: DenyCode, reason: string, hint: string): Denied {
  return { denied, reason, hint };
}
