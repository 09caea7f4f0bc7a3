import { DatabaseSync } from 'node:sqlite';
import { digestOf } from '../../digest.ts';
import { migrate } from '../../store/migrations.ts';
import { type LogAppend, SqliteLog } from '../../store/sqlite-log.ts';
import { signCheckpoint } from '../checkpoint.ts';
import { leafHashOfEntry } from '../entry.ts';
import { appendLeaf, frontierRoot } from '../frontier.ts';
import { generateNoteKey, localNoteSigner, type NoteSigner } from '../note.ts';

export const ORIGIN = 'acme.exhibit.internal';

/** A log in memory with a key of its own, or in the given file. */
export class LogFixture {
  readonly database: DatabaseSync;
  readonly log: SqliteLog;
  /** Another one is a rotation. */
  signer: NoteSigner;

  constructor(path = ':memory:', signer = localNoteSigner(ORIGIN, generateNoteKey())) {
    this.database = new DatabaseSync(path);
    migrate(this.database);
    this.log = new SqliteLog(this.database, { read: (work) => work() });
    this.signer = signer;
  }

  /** What the next leaf would be, signed. */
  async next(text: string, kind: LogAppend['kind'] = 'manifest'): Promise<LogAppend> {
    const entry = JSON.stringify({ text });
    const before = this.log.frontier();
    const leaf = leafHashOfEntry(entry);
    const grown = appendLeaf(before, leaf);
    const tree = { origin: this.signer.name, size: grown.size, root: frontierRoot(grown) };
    const note = await signCheckpoint(tree, this.signer);
    const createdAt = new Date(Date.UTC(2026, 10, 21) + before.size * 1000).toISOString();
    return {
      kind,
      digest: digestOf(text),
      createdAt,
      index: before.size,
      entry,
      leaf,
      size: grown.size,
      note,
    };
  }

  /** Adds leaves until there are so many. */
  async growTo(size: number, text: (index: number) => string = (index) => `entry ${index}`): Promise<void> {
    this.database.exec('begin');
    for (let index = this.log.frontier().size; index < size; index += 1) {
      this.log.append(await this.next(text(index), index % 7 === 3 ? 'receipt' : 'manifest'));
    }
    this.database.exec('commit');
  }

  /** For tests that do what the tables refuse. */
  dropTriggers(): void {
    const triggers = this.database.prepare("select name from sqlite_schema where type = 'trigger'").all();
    for (const { name } of triggers) this.database.exec(`drop trigger ${String(name)}`);
  }
}
