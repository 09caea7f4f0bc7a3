import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LogClass, PLAIN_CLASSES, SEVERITIES, SQLSTATE_CLASSES, SYMPTOM_CLASSES } from './classes.ts';
import { classify } from './classify.ts';
import { CsvParser } from './csv.ts';
import { jsonParser } from './json.ts';
import type { Heard, Inside, LogParser } from './parser.ts';
import { stderrParser } from './stderr.ts';
import { type Count, hurts, Tally } from './tally.ts';
import { timeReader } from './times.ts';

const PREFIX = '%m [%p] %q%u@%d/%a %e ';
const utc = timeReader('UTC');
type Make = (inside: Inside, heard: Heard) => LogParser;
const PARSERS: readonly (readonly [string, Make])[] = [
  ['stderr', (inside, heard) => stderrParser(PREFIX, utc, inside, heard)],
  ['csvlog', (inside, heard) => new CsvParser(utc, inside, heard)],
  ['jsonlog', (inside, heard) => jsonParser(utc, inside, heard)],
];

function tallied(make: Make, ...pieces: readonly (string | Uint8Array)[]): Tally {
  const tally = new Tally();
  const parser = make('nothing', tally);
  for (const piece of pieces) parser.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  return tally;
}

const seen = (tally: Tally) =>
  tally.counts().map(({ event, severity, sqlstate, count }) => [event, severity, sqlstate, count]);

const STDERR = [
  '2026-11-21 00:14:02.123 UTC [71] shop@orders/web 40P01 ERROR:  deadlock detected',
  '2026-11-21 00:14:02.123 UTC [71] shop@orders/web 40P01 DETAIL:  Process 71 waits for ShareLock',
  '\tProcess 72: UPDATE invoices SET iban = $1',
  '2026-11-21 00:14:03.500 UTC [12] LOG:  checkpoint complete: wrote 3 buffers',
  '2026-11-21 00:14:04.000 UTC [73] shop@orders/we b 42P01 ERROR:  relation "x" does not exist at character 15',
  'gzip: stdout: Broken pipe',
  '',
].join('\n');

const csv = (severity: string, state: string, message: string): string =>
  `2026-11-21 00:14:02.123 UTC,"shop","orders",71,"[local]",6740.47,1,"SELECT",2026-11-21 00:13:00 UTC,3/4,0,${severity},${state},"${message.replaceAll('"', '""')}","detail\nLOG,00000,""x""",,,,,"SELECT 'a,b'\n2026-11-21 00:14:02 UTC,fake",8,,"web","client backend",,0\n`;

const json = (severity: string, state: string, message: string): string =>
  `${JSON.stringify({ timestamp: '2026-11-21 00:14:02.123 UTC', user: 'shop', pid: 71, error_severity: severity, state_code: state, message, detail: 'x' })}\n`;

describe('stderr', () => {
  const [, make] = PARSERS[0] as (typeof PARSERS)[number];

  it('counts entries, with what belongs to each left out', () => {
    const tally = tallied(make, STDERR);
    expect(seen(tally)).toEqual([
      ['deadlock_detected', 'error', '40', 1],
      ['checkpoint_complete', 'log', 'none', 1],
      ['undefined_table', 'error', '42', 1],
    ]);
    expect(tally.foreignLines).toBe(1);
    expect(tally.counts()[0]?.first).toBe(Date.parse('2026-11-21T00:14:02.123Z'));
  });

  it.each([
    ['%t [%p-%l] ', '2026-11-21 00:14:02 CET [71-9] FATAL:  sorry, too many clients already'],
    ['%n %-10u|%8d|%Q ', '1795219200.123 shop      |  orders|-42 FATAL:  sorry, too many clients already'],
    ['', 'FATAL:  sorry, too many clients already'],
    ['100%% %c %v %x %b: ', '100% 6740.47 3/4 0 client backend: FATAL:  sorry, too many clients already'],
    [
      '%m [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ',
      '2026-11-21 00:14:02.123 +03 [7]: [1-1] user=a,db=b,app=[unknown],client=::1 FATAL:  sorry, too many clients already',
    ],
    ['%m [%p] ', '2026-11-21 00:14:02.123 UTC [71] FATAL:  53300: sorry, too many clients already'],
  ])('reads lines that begin with %s', (prefix, line) => {
    const tally = tallied((inside, heard) => stderrParser(prefix, utc, inside, heard), `${line}\n`);
    expect(tally.counts().map(({ event, severity }) => [event, severity])).toEqual([
      ['too_many_connections', 'fatal'],
    ]);
  });

  it('waits for the end of a line', () => {
    const tally = new Tally();
    const parser = make('nothing', tally);
    parser.push(Buffer.from(STDERR.slice(0, 40)));
    expect([tally.entries, parser.progress()]).toEqual([0, { done: 0, inside: 'nothing' }]);
  });
});

describe('csvlog and jsonlog', () => {
  it.each([
    ['csvlog', csv],
    ['jsonlog', json],
  ] as const)('%s says what stderr says', (format, line) => {
    const make = PARSERS.find(([name]) => name === format)?.[1] as Make;
    const tally = tallied(
      make,
      line('ERROR', '40P01', 'deadlock "detected"'),
      line('LOG', '00000', 'checkpoint complete: wrote'),
      line('FEHLER', '23505', 'doppelter Schlüsselwert'),
      line('LOG', '00000', 'Prüfpunkt'),
    );
    expect(seen(tally)).toEqual([
      ['deadlock_detected', 'error', '40', 1],
      ['checkpoint_complete', 'log', '00', 1],
      ['other_log', 'log', '00', 1],
      ['unique_violation', 'error', '23', 1],
    ]);
    expect(tally.foreignLines).toBe(0);
  });

  it('finds into a csvlog from any place of it', () => {
    const whole = [
      csv('ERROR', '40P01', 'first'),
      csv('ERROR', '23505', 'second'),
      csv('PANIC', 'XX001', 'third'),
    ].join('');
    const make = PARSERS[1]?.[1] as Make;
    for (let from = 0; from < csv('ERROR', '40P01', 'first').length; from += 1) {
      const events = tallied(make, whole.slice(from))
        .counts()
        .map(({ event }) => event);
      expect(events).toContain('data_corrupted');
    }
  });
});

describe('classes', () => {
  it.each<[LogClass, string, string | undefined, string]>([
    ['statement_timeout', 'error', '57014', 'canceling statement due to statement timeout'],
    ['canceled_by_user', 'error', '57014', 'canceling statement due to user request'],
    ['autovacuum_canceled', 'error', '57014', 'canceling autovacuum task'],
    ['lock_timeout', 'error', '55P03', 'canceling statement due to lock timeout'],
    ['recovery_conflict', 'error', '40001', 'canceling statement due to conflict with recovery'],
    ['serialization_failure', 'error', '40001', 'could not serialize access due to concurrent update'],
    [
      'crash_terminated_by_signal',
      'log',
      '00000',
      'server process (PID 7) was terminated by signal 9: Killed',
    ],
    [
      'crash_of_another_process',
      'warning',
      '57P02',
      'terminating connection because of crash of another server process',
    ],
    ['could_not_extend', 'error', '53100', 'could not extend file "base/1/2": No space left on device'],
    ['disk_full', 'panic', undefined, 'could not write to file "pg_wal/xlogtemp.1": No space left on device'],
    ['archiver_failed', 'log', '00000', 'archive command failed with exit code 1'],
    [
      'checkpoints_too_frequent',
      'log',
      '00000',
      'checkpoints are occurring too frequently (2 seconds apart)',
    ],
    ['temp_file', 'log', '00000', 'temporary file: path "base/pgsql_tmp/pgsql_tmp1.0", size 14000000'],
    ['large_temp_file', 'log', '00000', 'temporary file: path "base/pgsql_tmp/pgsql_tmp1.0", size 140000000'],
    ['duration_logged', 'log', '00000', 'duration: 999.999 ms  statement: deadlock detected'],
    ['slow_statement', 'log', '00000', 'duration: 1000.000 ms  execute S_1: PANIC:  x'],
    ['very_slow_statement', 'log', '00000', 'duration: 60001.000 ms  statement: SELECT 1'],
    ['statement_plan', 'log', '00000', 'duration: 60001.000 ms  plan:'],
    ['statement_logged', 'log', '00000', 'statement: SELECT deadlock detected'],
    ['auth_failed', 'fatal', '28P01', 'password authentication failed for user "x"'],
    ['auth_no_hba_entry', 'fatal', '28000', 'no pg_hba.conf entry for host "::1"'],
    ['auth_failed', 'fatal', undefined, 'role "x" does not exist'],
    ['undefined_object', 'error', undefined, 'role "x" does not exist'],
    ['wraparound_warning', 'warning', '00000', 'database "x" must be vacuumed within 10000000 transactions'],
    ['raise_exception', 'error', 'P0001', 'deadlock detected'],
    ['invalid_page', 'error', 'XX001', 'invalid page in block 7 of relation base/1/2'],
    ['replication_slot_invalidated', 'log', '00000', 'invalidating obsolete replication slot "x"'],
    ['other_error', 'error', 'ZZ999', 'zzz'],
  ])('%s', (event, severity, sqlstate, message) => {
    const known = SEVERITIES.find((one) => one === severity) ?? 'unknown';
    expect(classify({ severity: known, sqlstate, message, cut: false })).toBe(event);
  });

  it('of high weight are symptoms, as is whatever ends a session', () => {
    expect(hurts({ event: 'deadlock_detected', severity: 'error' })).toBe(true);
    expect(hurts({ event: 'undefined_database', severity: 'fatal' })).toBe(true);
    expect(hurts({ event: 'unique_violation', severity: 'error' })).toBe(false);
  });

  it('are all of closed lists by their types', () => {
    // Does not compile once a member of what leaves the parser could hold any text.
    type Open<T> = { [K in keyof T]: string extends T[K] ? K : never }[keyof T];
    const open: readonly Open<Count>[] = [];
    expect(open).toEqual([]);
  });
});

const EVENTS = new Set<string>([...SYMPTOM_CLASSES, ...PLAIN_CLASSES]);

function expectClosed(tally: Tally): void {
  for (const { event, severity, sqlstate, count, first, last } of tally.counts()) {
    expect(EVENTS.has(event) && SEVERITIES.includes(severity) && SQLSTATE_CLASSES.includes(sqlstate)).toBe(
      true,
    );
    expect(Number.isInteger(count)).toBe(true);
    expect([first, last].every((at) => at === null || Number.isInteger(at))).toBe(true);
  }
}

const honest = fc
  .tuple(
    fc.constantFrom('ERROR', 'LOG', 'FATAL', 'FEHLER', 'DETAIL'),
    fc.constantFrom('00000', '40P01', '57014', 'XX001'),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )
  .map(([severity, state, message]) => ({
    csvlog: csv(severity, state, message),
    jsonlog: json(severity, state, message),
    stderr: `2026-11-21 00:14:02.123 UTC [71] a@b/c ${state} ${severity}:  ${message.replaceAll('\n', '\n\t')}\n`,
  }));
const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  fc
    .string({
      unit: fc.constantFrom(
        '"',
        ',',
        '\n',
        '\t',
        '\\',
        '%',
        ' ',
        '2026-11-21 00:14:02 UTC',
        'ERROR:  ',
        '{"message":"',
        '\0',
      ),
    })
    .map((text) => Buffer.from(text)),
);

describe.each(PARSERS)('%s, whatever comes', (format, make) => {
  const line = honest.map((one) => Buffer.from(one[format as 'csvlog' | 'jsonlog' | 'stderr']));
  const log = fc
    .array(fc.oneof({ weight: 3, arbitrary: line }, hostile), { maxLength: 12 })
    .map((parts) => Buffer.concat(parts));

  it('counts the same however the bytes are cut, and only what is of the closed lists', () => {
    fc.assert(
      fc.property(log, fc.array(fc.nat(), { maxLength: 5 }), (bytes, cuts) => {
        const places = [
          0,
          ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b),
          bytes.length,
        ];
        const pieces = places.slice(1).map((to, index) => bytes.subarray(places[index] ?? 0, to));
        const [whole, cut] = [tallied(make, bytes), tallied(make, ...pieces)];
        expect([cut.counts(), cut.foreignLines]).toEqual([whole.counts(), whole.foreignLines]);
        expectClosed(whole);
      }),
    );
  });

  it('counts the same when another run goes on where one has stopped', () => {
    fc.assert(
      fc.property(log, fc.nat(), (bytes, cut) => {
        const at = cut % (bytes.length + 1);
        const tally = new Tally();
        const first = make('nothing', tally);
        first.push(bytes.subarray(0, at));
        const { done, inside } = first.progress();
        expect(done).toBeLessThanOrEqual(at);
        make(inside, tally).push(bytes.subarray(done));
        const whole = tallied(make, bytes);
        expect([tally.counts(), tally.foreignLines]).toEqual([whole.counts(), whole.foreignLines]);
      }),
    );
  });

  it('keeps next to nothing of an entry of 50 MB', () => {
    const head = {
      stderr: '2026-11-21 00:14:02.123 UTC [71] a@b/c 54000 ERROR:  ',
      csvlog: csv('ERROR', '54000', '').replace(/"",.*$/s, '"'),
      jsonlog: json('ERROR', '54000', '').replace(/",[^,]*$/s, ''),
    };
    const tally = new Tally();
    const parser = make('nothing', tally);
    parser.push(Buffer.from(head[format as keyof typeof head]));
    const piece = Buffer.alloc(64 * 1024, 'canary-in-a-long-entry ');
    const before = process.memoryUsage();
    let most = 0;
    for (let sent = 0; sent < 50e6; sent += piece.length) {
      parser.push(piece);
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      most = Math.max(most, heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers);
    }
    expect(most).toBeLessThan(16e6);
    expect(seen(tally)).toEqual([['program_limit', 'error', '54', 1]]);
    expect(parser.progress().inside).not.toBe('nothing');
  });
});
