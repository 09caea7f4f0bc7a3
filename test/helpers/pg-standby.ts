import { execFile } from 'node:child_process';
import { appendFile, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type PostgresServer, runIn } from './postgres.ts';
import { unprivilegedAccount, usableBinaries } from './postgres-binaries.ts';

/** What belongs to the running primary and not to a copy of it. */
const LEFT_OUT = ['postmaster.pid', 'postmaster.opts', 'pg_replslot'];

/**
 * A standby that streams from the primary through a slot, made as the manual makes one without pg_basebackup, which npm
 * does not have: backup mode, a copy of the files, the label.
 * https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 *
 * Needs the primary's files: for servers from npm alone.
 *
 * @param slot made on the primary; the caller need not drop it, it goes with the primary.
 */
export async function startStandby(primary: PostgresServer, slot: string): Promise<PostgresServer> {
  const account = await unprivilegedAccount();
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-pg-'));
  try {
    if (account.uid !== undefined && account.gid !== undefined)
      await chown(directory, account.uid, account.gid);
    await backUp(primary, slot, join(directory, 'data'), account);
    const binaries = await usableBinaries(primary.version, directory, account);
    return await runIn(directory, {
      version: primary.version,
      binaries,
      account,
      password: primary.password,
    });
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function backUp(
  primary: PostgresServer,
  slot: string,
  target: string,
  account: { readonly uid?: number; readonly gid?: number },
): Promise<void> {
  const admin = await primary.superuser();
  try {
    const { rows } = await admin.query<{ data_directory: string }>('SHOW data_directory');
    await admin.query('SELECT pg_create_physical_replication_slot($1, true)', [slot]);
    const isOld = primary.version < 15;
    await admin.query(
      isOld ? "SELECT pg_start_backup('s', true, false)" : "SELECT pg_backup_start('s', true)",
    );
    const source = rows[0]?.data_directory ?? '';
    // Files may vanish under it; recovery makes up for whatever it copied half.
    await promisify(execFile)('cp', ['-a', source, target], { ...account, cwd: '/' });
    const stop = isOld ? 'pg_stop_backup(false)' : 'pg_backup_stop()';
    const { rows: stopped } = await admin.query<{ labelfile: string }>(`SELECT labelfile FROM ${stop}`);
    for (const name of LEFT_OUT) await rm(join(target, name), { recursive: true, force: true });
    const own = async (path: string): Promise<void> => {
      if (account.uid !== undefined && account.gid !== undefined) await chown(path, account.uid, account.gid);
    };
    await mkdir(join(target, 'pg_replslot'), { mode: 0o700 });
    await own(join(target, 'pg_replslot'));
    for (const [name, text] of [
      ['backup_label', stopped[0]?.labelfile ?? ''],
      ['standby.signal', ''],
    ] as const) {
      await writeFile(join(target, name), text, { mode: 0o600 });
      await own(join(target, name));
    }
    const conninfo = `host=127.0.0.1 port=${primary.port} user=postgres password=${primary.password} application_name=standby_a`;
    await appendFile(
      join(target, 'postgresql.conf'),
      `primary_conninfo = '${conninfo}'\nprimary_slot_name = '${slot}'\nhot_standby_feedback = 'on'\nwal_receiver_status_interval = '1s'\n`,
    );
  } finally {
    await admin.end();
  }
}
