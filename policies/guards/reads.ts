import { createHash } from 'node:crypto';
import { type ConnectorManifest, type ReadSpec, readFilesOf, stepOf } from '../../connectors/sdk/index.ts';
import { checkHttp } from './http.ts';
import { checkKube } from './kube.ts';
import { checkConsole } from './pgbouncer.ts';
import { type KnownRelation, SLOT_STEPS, type SlotStep, type SqlGuard } from './sql.ts';

/** One file that was proved to only read, and what it touches. */
export interface ReadProof {
  readonly read: string;
  readonly file: string;
  readonly language: ReadSpec['language'];
  /** `sha256:<hex>` of the UTF-8 text. The proof is about these bytes and no others. */
  readonly digest: string;
  /** For SQL: `schema.name`, sorted. Empty for other languages. */
  readonly relations: readonly string[];
  readonly functions: readonly string[];
  readonly columns: readonly string[];
}

export interface ReadProblem {
  /** `null` for a file that belongs to no read. */
  readonly read: string | null;
  readonly file: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export interface ReadProofs {
  readonly proofs: readonly ReadProof[];
  /** Empty when everything that the connector could send is proved. */
  readonly problems: readonly ReadProblem[];
}

/**
 * Proves every file that a connector could send.
 *
 * @param texts all files of the connector's `queries/`, by their path in the connector (`queries/wal.sql`). Files that
 *   the manifest does not name must be variants of one that it does: `queries/wal.18.sql` of `queries/wal.sql`.
 */
export function proveReads(
  manifest: Pick<ConnectorManifest, 'reads'>,
  texts: ReadonlyMap<string, string>,
  guard: SqlGuard,
): ReadProofs {
  const proofs: ReadProof[] = [];
  const problems: ReadProblem[] = [];
  for (const { file, read } of filesOf(manifest, texts)) {
    const text = texts.get(file);
    const result = judge(read, file, text, guard);
    if ('proof' in result) proofs.push(result.proof);
    else problems.push(...result.problems);
  }
  return { proofs, problems };
}

interface File {
  readonly file: string;
  readonly read: ReadSpec | undefined;
}

function filesOf(
  manifest: Pick<ConnectorManifest, 'reads'>,
  texts: ReadonlyMap<string, string>,
): readonly File[] {
  const named = manifest.reads.flatMap((read) =>
    readFilesOf(read, [...texts.keys()]).map(({ file }) => ({ file, read })),
  );
  const known = new Set(named.map(({ file }) => file));
  const others = [...texts.keys()].filter((file) => !known.has(file)).sort();
  return [...named, ...others.map((file) => ({ file, read: undefined }))];
}

type Judgement = { readonly proof: ReadProof } | { readonly problems: readonly ReadProblem[] };

function judge(
  read: ReadSpec | undefined,
  file: string,
  text: string | undefined,
  guard: SqlGuard,
): Judgement {
  if (text === undefined) return refused(read, file, 'MISSING', 'is not there');
  if (read === undefined) return refused(read, file, 'UNNAMED', 'belongs to no read of the manifest');
  switch (read.language) {
    case 'sql/postgresql':
      return judgeSql(read, file, text, guard);
    case 'pgbouncer':
      return judged(read, file, text, checkConsole(text));
    case 'kubernetes':
    case 'rest': {
      const found = (read.language === 'rest' ? checkHttp : checkKube)(text, file);
      const said = found.map(({ code, path, message }) => ({ code, message: `${path} ${message}`.trim() }));
      return judged(read, file, text, said);
    }
    default:
      return refused(read, file, 'NO_GUARD', `no guard exists for ${read.language}`);
  }
}

function judged(
  read: ReadSpec,
  file: string,
  text: string,
  found: readonly { readonly code: string; readonly message: string }[],
): Judgement {
  if (found.length === 0)
    return { proof: { ...proofOf(read, file, text), relations: [], functions: [], columns: [] } };
  return { problems: found.map(({ code, message }) => problem(read, file, code, message)) };
}

/**
 * What a template may name beyond the lists, by the capability without which its read never runs: the texts of
 * statements, and only of the columns here. Every other template is refused that column as before.
 */
const OPENED: ReadonlyMap<string | undefined, readonly KnownRelation[]> = new Map([
  [
    'statement-texts',
    [
      {
        schema: 'public',
        name: 'pg_stat_statements',
        columns: ['queryid', 'toplevel', 'dbid', 'userid', 'query', 'total_exec_time'],
      },
    ],
  ],
]);

/** The capability without which the files of the server log are read by nothing. */
const SERVER_LOG = 'server-log';

/** Reads of changes run under a flag only; each of their files does one thing to the slot: the step in its name. */
function slotStep(read: ReadSpec, file: string): SlotStep | undefined {
  if (read.mode !== 'cdc') return undefined;
  const step = stepOf(read, file);
  return step === undefined ? 'peek' : SLOT_STEPS.find((known) => known === step && known !== 'peek');
}

function judgeSql(read: ReadSpec, file: string, text: string, guard: SqlGuard): Judgement {
  const {
    verdict,
    code,
    reason,
    hint,
    relations,
    functions,
    columns = [],
  } = guard.template(text, {
    requireQualified: true,
    relations: OPENED.get(read.capability) ?? [],
    slot: slotStep(read, file),
    serverLog: read.capability === SERVER_LOG,
  });
  if (verdict === 'allow') return { proof: { ...proofOf(read, file, text), relations, functions, columns } };
  const found = problem(read, file, code ?? 'INTERNAL', reason ?? 'was refused');
  return { problems: [hint === undefined ? found : { ...found, hint }] };
}

function proofOf(
  read: ReadSpec,
  file: string,
  text: string,
): Pick<ReadProof, 'read' | 'file' | 'language' | 'digest'> {
  const digest = `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
  return { read: read.id, file, language: read.language, digest };
}

function problem(read: ReadSpec | undefined, file: string, code: string, message: string): ReadProblem {
  return { read: read?.id ?? null, file, code, message };
}

function refused(read: ReadSpec | undefined, file: string, code: string, message: string): Judgement {
  return { problems: [problem(read, file, code, message)] };
}
