import { type CliIo, EXIT, type ExitCode } from './io.ts';
import { type Output, table } from './output.ts';

/** A source that has not answered by then keeps what it has. */
const TIMEOUT_MS = 20_000;

/**
 * Takes back what the reads of one connection keep at its source. Whether a policy admits them does not matter: nothing
 * is read. Throws ConnectorError, AgentError.
 */
export async function retire(
  connection: string,
  config: string,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const { agentFrom, loadSetup } = await import('./setup.ts');
  const setup = await loadSetup(config, io);
  const reads = setup.loaded.connections.find(({ id }) => id === connection)?.connector.manifest.reads ?? [];
  const agent = await agentFrom(setup, io);
  try {
    const retired = await agent.connections.aside(connection, async (connector) => {
      const results: { readonly read: string; readonly wasThere: boolean }[] = [];
      for (const { id, mode } of reads) {
        if (mode !== 'cdc') continue;
        const wasThere = (await connector.retire?.(id, AbortSignal.timeout(TIMEOUT_MS))) ?? false;
        results.push({ read: id, wasThere });
      }
      return results;
    });
    const rows = retired.map(({ read, wasThere }) => [read, wasThere ? 'taken back' : 'nothing was there']);
    await output.result({ connection, retired }, rows.length === 0 ? 'no read keeps anything' : table(rows));
    return EXIT.good;
  } finally {
    await agent.stop();
  }
}
