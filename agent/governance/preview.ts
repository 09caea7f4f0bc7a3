import {
  type AdmittedRead,
  BudgetMeter,
  type Clock,
  type Completeness,
  type Connector,
  ConnectorError,
  type Gap,
  isGap,
  type JsonValue,
  type Observed,
  type ReadRequest,
  type RunContext,
  type StatePatch,
  type Window,
} from '../../connectors/sdk/index.ts';
import { admit, type Denied, isDenied, type ProvenReads, type Standing } from '../../policies/admit.ts';
import { decideRecorded } from '../../policies/recorded.ts';
import { type ErrorReport, reportError } from '../errors.ts';
import { withDeadline } from '../runner/deadline.ts';
import type { InForce } from './in-force.ts';
import { type PreviewedRecords, PreviewTally } from './preview-tally.ts';

/** What is to be looked at. */
export interface PreviewRequest {
  readonly connection: string;
  readonly connector: string;
  readonly read: string;
  /** Which time is asked about; default: the last six hours. */
  readonly window?: Window;
  /** How many items are shown; all are counted. */
  readonly limit?: number;
}

export interface PreviewDeps {
  /** The candidate with its gate and net, or what is in force. */
  readonly inForce: InForce;
  readonly tenant: string;
  readonly proven: ProvenReads;
  /** `ask` sees to it that an account's rights are known where the policy refuses any. */
  readonly standing: Standing & { ask?(connection: string, signal: AbortSignal): Promise<boolean> };
  readonly connections: { get(id: string): Connector };
  readonly clock: Clock;
}

/** What would leave. Nothing of it is stored or signed. */
export interface Preview extends PreviewedRecords {
  readonly policy: { readonly version: string; readonly digest: string };
  readonly connection: string;
  readonly connector: string;
  /** Null for recorded observations that name none. */
  readonly read: string | null;
  /** Why the read is refused; null when it ran. */
  readonly refused: Denied | null;
  readonly completeness: Completeness | null;
  /** What ended the read early. */
  readonly error: ErrorReport | null;
}

const DEFAULT_LIMIT = 20;
const DEFAULT_WINDOW_MS = 6 * 3_600_000;

/**
 * Runs one read as the agent would, with an empty memory, and shows what would leave under a policy. A read that
 * streams is run in full, once. Failures of the source are told, not thrown.
 */
export async function preview(
  request: PreviewRequest,
  deps: PreviewDeps,
  signal: AbortSignal,
): Promise<Preview> {
  const { policy } = deps.inForce;
  const tally = new PreviewTally(request, deps, request.limit ?? DEFAULT_LIMIT);
  const asked = requestOf(request, deps);
  const done = (rest: Pick<Preview, 'refused' | 'completeness' | 'error'>): Preview => ({
    policy: { version: policy.version, digest: policy.digest },
    connection: request.connection,
    connector: request.connector,
    read: request.read,
    ...rest,
    ...tally.result(),
  });
  const refuse = (refused: Denied) => done({ refused, completeness: null, error: null });
  const admitted = admit(asked, admission(deps));
  if (isDenied(admitted)) return refuse(admitted);
  try {
    if (await deps.standing.ask?.(request.connection, signal)) {
      const known = admit(asked, admission(deps));
      if (isDenied(known)) return refuse(known);
    }
    const connector = deps.connections.get(request.connection);
    const context = contextOf(admitted, tally, deps.clock);
    const deadline = withDeadline(signal, admitted.budget.durationMs, deps.clock);
    const { completeness } = await deadline.race((limit) => connector.read(context, admitted, limit));
    return done({ refused: null, completeness, error: null });
  } catch (error) {
    return done({ refused: null, completeness: null, error: reportError(ConnectorError.from(error)) });
  }
}

/** The same for observations that were recorded earlier. */
export function previewRecorded(
  records: Iterable<Observed>,
  request: Omit<PreviewRequest, 'read' | 'window'> & { readonly read?: string },
  deps: Pick<PreviewDeps, 'inForce' | 'tenant' | 'clock'>,
): Preview {
  const { policy, gate } = deps.inForce;
  const tally = new PreviewTally(request, deps, request.limit ?? DEFAULT_LIMIT);
  for (const record of records) {
    const now = deps.clock.now().toISOString();
    tally.take(decideRecorded(record, request, { policy, gate }, now), record.stream);
  }
  return {
    policy: { version: policy.version, digest: policy.digest },
    connection: request.connection,
    connector: request.connector,
    read: request.read ?? null,
    refused: null,
    completeness: null,
    error: null,
    ...tally.result(),
  };
}

function requestOf(
  { connection, connector, read, window }: PreviewRequest,
  { inForce, clock }: PreviewDeps,
): ReadRequest {
  const declared = inForce.policy.of(connection).reads.get(`${connector}/${read}`)?.read.mode ?? 'full';
  const now = clock.now();
  const from = new Date(now.getTime() - DEFAULT_WINDOW_MS).toISOString();
  return {
    connection,
    connector,
    read,
    mode: declared === 'streaming' ? 'full' : declared,
    window: window ?? { from, to: now.toISOString() },
    trigger: 'once',
  };
}

function admission({ inForce, proven, standing, clock }: PreviewDeps) {
  return { policy: inForce.policy, proven, standing, now: clock.now().toISOString() };
}

/** What a connector gets to work with: a memory that is empty, and forgotten afterwards. */
function contextOf(read: AdmittedRead, tally: PreviewTally, clock: Clock): RunContext {
  const state = new Map<string, JsonValue>();
  return {
    id: 'preview',
    meter: new BudgetMeter(read.budget, () => clock.monotonic()),
    state: { get: (key) => state.get(key), keys: () => state.keys() },
    emit: async (record: Observed | Gap) => {
      const stream = isGap(record) ? (record.stream ?? 'gaps') : record.stream;
      tally.take(tally.clear(record, read), stream);
    },
    checkpoint: async (patch: StatePatch) => {
      for (const [key, value] of Object.entries(patch.set ?? {})) state.set(key, value);
      for (const key of patch.delete ?? []) state.delete(key);
    },
    caughtUp: async () => undefined,
  };
}
