/** All that a connector may import from us. */
export { type Budget, BudgetMeter, type Cost } from './budget.ts';
export { secretField } from './config.ts';
export type {
  AdmittedRead,
  AuthReport,
  Connector,
  ConnectorModule,
  GrantRequest,
  MissingPrivilege,
  ReadOutcome,
  ReadRequest,
  RunContext,
  RunState,
  Scope,
  StatePatch,
  StreamDescriptor,
} from './contract.ts';
export type { Clock, ConnectorDeps, LogFields, Logger } from './deps.ts';
export { entityUri } from './entity.ts';
export { ConnectorError, type ErrorCode, RECOVERY, type Recovery } from './errors.ts';
export { egressFetch } from './http.ts';
export type { JsonObject, JsonPrimitive, JsonValue } from './json.ts';
export {
  type ConnectorManifest,
  connectorManifest,
  type DataClass,
  duration,
  FIELD_TYPES,
  type FieldSpec,
  type FieldType,
  type ReadSpec,
  type StreamSpec,
  type SyncMode,
  size,
  syncMode,
  TREATMENTS,
  type Treatment,
} from './manifest.ts';
export { STREAMS_FOLDER, withStreams } from './manifest-files.ts';
export {
  type Completeness,
  type EvidenceClass,
  type Gap,
  gapOf,
  isGap,
  type Observation,
  type ObservationClass,
  type Observed,
  observe,
  type Timestamp,
  type Window,
} from './observation.ts';
export { readFilesOf, stepOf, textFor } from './read-files.ts';
export { Secret } from './secret.ts';
export type { At } from './stages.ts';
export type {
  AdmittedColumn,
  AdmittedView,
  ProvenStatement,
  TableColumns,
  ViewDefinition,
  ViewGuard,
  ViewVerdict,
} from './views.ts';
