import type { AdmittedRead, ReadRequest } from '../connectors/sdk/index.ts';
import type { CompiledPolicy } from './compile.ts';

/** Why a read was refused before anything left the agent. */
export type DenyCode = 'UNKNOWN_READ' | 'UNPROVEN_READ' | 'STREAM_DENIED' | 'MODE_DENIED' | 'BAD_WINDOW';

export interface Denied {
  readonly denied: DenyCode;
  readonly reason: string;
  readonly hint: string;
}

/** Digests of the read files that were proved read-only when they were loaded, by `<connector>/<read>`. */
export type ProvenReads = ReadonlyMap<string, string>;

/**
 * The first gate: decides by name, before anything is sent. What it lets through carries its ceilings and its scope.
 */
export function admit(
  request: ReadRequest,
  policy: CompiledPolicy,
  proven: ProvenReads,
): AdmittedRead | Denied {
  const name = `${request.connector}/${request.read}`;
  const plan = policy.reads.get(name);
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
  return { ...request, budget: plan.budget, streams: plan.streams, scope: policy.scope } as AdmittedRead;
}

export function isDenied(decision: AdmittedRead | Denied): decision is Denied {
  return 'denied' in decision;
}

function deny(denied: DenyCode, reason: string, hint: string): Denied {
  return { denied, reason, hint };
}
