/** Who may import whom; see docs/architecture.md. A planted violation in test/architecture proves that this can fail. */
const connector = '^connectors/(?!sdk/)([^/]+)/';
const packages = '(^|/)node_modules/';

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'connectors-import-the-sdk-only',
      comment: 'a connector reaches the rest of us through connectors/sdk/index.ts and what it is handed',
      severity: 'error',
      from: { path: connector, pathNot: '\\.i?test\\.ts$' },
      to: {
        pathNot: [`^connectors/$1/`, '^connectors/sdk/index\\.ts$', packages],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'connector-tests-import-the-kit-only',
      severity: 'error',
      from: { path: `${connector}.*\\.i?test\\.ts$` },
      to: { path: '^(agent|evidence)/' },
    },
    {
      name: 'vendor-sdk-in-client-only',
      comment: 'one file per connector opens connections, so one file has to be read to know what it does',
      severity: 'error',
      from: { path: connector, pathNot: ['/client[a-z-]*\\.ts$', '\\.i?test\\.ts$'] },
      to: { path: 'node_modules/(pg|@kubernetes|@octokit|undici)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sdk-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^connectors/sdk/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^connectors/sdk/', packages], dependencyTypesNot: ['core'] },
    },
    {
      name: 'policies-import-the-sdk-only',
      severity: 'error',
      from: { path: '^policies/', pathNot: '\\.i?test\\.ts$' },
      to: { pathNot: ['^policies/', '^connectors/sdk/', packages], dependencyTypesNot: ['core'] },
    },
    {
      name: 'evidence-imports-policies-and-sdk-only',
      severity: 'error',
      from: { path: '^evidence/', pathNot: '\\.i?test\\.ts$' },
      to: {
        pathNot: ['^evidence/', '^policies/', '^connectors/sdk/', packages],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'nobody-imports-the-agent',
      severity: 'error',
      from: { pathNot: ['^agent/', '^test/', '^tools/', '^bin/'] },
      to: { path: '^agent/' },
    },
    {
      name: 'product-imports-no-tests',
      comment: 'the demo is the one thing that stages servers, and the CLI loads it on demand',
      severity: 'error',
      from: {
        path: '^(agent|connectors|policies|evidence)/',
        pathNot: ['\\.i?test\\.ts$', '^agent/cli/demo\\.ts$'],
      },
      to: { path: '^(test|tools)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'test/architecture/selfcheck' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
