import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliIn } from './testing/cli.ts';

let folder = '';
const exhibit = cliIn(() => folder);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-rbac-'));
});
afterEach(() => rm(folder, { recursive: true }));

const config = (connections: string) =>
  writeFile(
    path.join(folder, 'agent.yaml'),
    `apiVersion: exhibit/v1\nkind: Agent\ntenant: acme\npolicy: [standard]\nconnections:\n${connections}`,
  );

describe('exhibit rbac', () => {
  it('prints the grants of all reads where there is no config', async () => {
    const { code, stdout } = await exhibit('rbac', '--format', 'postgresql');
    expect(code).toBe(0);
    expect(stdout).toContain('GRANT pg_read_all_stats TO exhibit;');
    expect(stdout).toContain('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    expect(stdout).not.toMatch(/^ALTER ROLE exhibit REPLICATION;$/m);
  });

  it('leaves out what only reads need that a connection turns off', async () => {
    await config(
      '  - { id: orders, connector: postgresql, reads: { statements: { enabled: false }, own_cost: { enabled: false } } }\n  - { id: prod, connector: kubernetes }\n',
    );
    const { stdout } = await exhibit('rbac', '--format', 'postgresql');
    expect(stdout).toContain('GRANT pg_read_all_stats TO exhibit;');
    expect(stdout).not.toContain('CREATE EXTENSION');
  });

  it('adds what another connection of the same kind still needs, unless one is named', async () => {
    await config(
      '  - { id: orders, connector: postgresql, reads: { statements: { enabled: false }, own_cost: { enabled: false } } }\n  - { id: bills, connector: postgresql }\n',
    );
    expect((await exhibit('rbac', '--format', 'postgresql')).stdout).toContain('CREATE EXTENSION');
    const one = await exhibit('rbac', '--format', 'postgresql', '--connection', 'orders');
    expect(one.stdout).not.toContain('CREATE EXTENSION');
  });

  it('prints a ClusterRole of the kinds that are read', async () => {
    await config('  - { id: prod, connector: kubernetes, reads: { configmaps: { enabled: false } } }\n');
    const { stdout } = await exhibit('rbac', '--format', 'kubernetes');
    expect(stdout).toMatch(/^apiVersion: rbac\.authorization\.k8s\.io\/v1\nkind: ClusterRole\n/);
    expect(stdout).toContain('- pods');
    expect(stdout).not.toMatch(/configmaps|secrets|\*/);
  });

  it.each([
    [['--format', 'github'], 'there is no format "github"'],
    [['--format', 'postgresql', '--connection', 'prod'], 'no such connection of postgresql'],
  ])('refuses %j', async (args, message) => {
    await config('  - { id: prod, connector: kubernetes }\n');
    const { code, stderr } = await exhibit('rbac', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
