/**
 * The arrows of the house, in one table: apps -> api, workflows, pipelines -> use-cases -> ports -> domain.
 * A lib's port may import domain and other ports' types; an adapter (a folder of its own) is named by apps and tests only.
 */
const PORTS =
  'ledger|keyring|event-codec|recognition|card-network|notices|topics|views|evidence|identity|device-protocol';
const ADAPTERS =
  '^libs/(ledger/(embedded|eventstoredb)|keyring/(file|hsm|grpc)|recognition/(in-process|grpc|palm|matching)|topics/(embedded|kafka)|views/(embedded|redis)|card-network/simulator|notices/folder|evidence/witness-file)/';
const TESTS = '(\\.(spec|fixture)\\.ts$|^libs/testing/)';

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'domain-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: TESTS },
      to: { path: '^(libs|apps)/', pathNot: '^libs/domain/' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: TESTS },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'ports-know-nothing-above-them',
      severity: 'error',
      from: { path: `^libs/(${PORTS}|runtime)/`, pathNot: TESTS },
      to: { path: '^(apps|libs/(use-cases|api|workflows|pipelines))/' },
    },
    {
      name: 'runtime-stands-alone',
      severity: 'error',
      from: { path: '^libs/runtime/', pathNot: TESTS },
      to: { path: '^libs/', pathNot: '^libs/runtime/' },
    },
    {
      name: 'use-cases-know-nothing-above-them',
      severity: 'error',
      from: { path: '^libs/use-cases/', pathNot: TESTS },
      to: { path: '^(apps|libs/(api|workflows|pipelines))/' },
    },
    {
      name: 'api-workflows-and-pipelines-stand-side-by-side',
      severity: 'error',
      from: { path: '^libs/(api|workflows|pipelines)/', pathNot: TESTS },
      to: { path: '^(apps|libs/(api|workflows|pipelines))/', pathNot: ['^libs/$1/'] },
    },
    {
      name: 'only-apps-name-an-adapter',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: [TESTS, '\\.contract\\.ts$'] },
      to: { path: ADAPTERS, pathNot: ['^libs/$1/'] },
    },
    {
      name: 'nest-lives-at-the-edges',
      severity: 'error',
      from: { path: '^libs/', pathNot: ['^libs/api/', '/grpc/', TESTS] },
      to: { path: 'node_modules/(@nestjs|nestjs-)' },
    },
    {
      name: 'tests-stay-out-of-the-product',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: [TESTS, '\\.contract\\.ts$', '^apps/'] },
      to: { path: '^libs/testing/', pathNot: '^libs/testing/palms/' },
    },
    { name: 'nothing-lost', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^dist/|/generated/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['palmledger-src', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
