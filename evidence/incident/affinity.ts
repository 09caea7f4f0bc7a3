import type { Item } from '../item.ts';
import { objects, text } from './body.ts';
import { entityKind } from './entity-name.ts';

/**
 * Which changes and which symptoms are often seen together. Knowledge of how Kubernetes and PostgreSQL behave, not a
 * finding: it moves a candidate up, it never makes one.
 */
const AFFINITIES: Readonly<Record<string, RegExp>> = {
  image: /ImagePull|ErrImage|InvalidImage|ImageInspect|PullingImage|CrashLoop/,
  resources: /OOMKilled|Insufficient|FailedScheduling|Evicted|LimitRange|Unschedulable/,
  probe: /Unhealthy|Probe|NotReady|CrashLoop/,
  config: /Unhealthy|CrashLoop|ConfigError|ConfigMapMissing|KeyMissing|NotReady/,
  env: /Unhealthy|CrashLoop|ConfigError|ConfigMapMissing|SecretMissing|KeyMissing|NotReady/,
  command: /CrashLoop|RunContainerError|StartError|Executable|FileMissing/,
  quota: /Quota|LimitRange/,
  scale: /ScaledDown|ScaledToZero|NoEndpoints|NoReadyEndpoints|TooManyPods/,
  suspend: /Suspended/,
  storage: /Provisioning|FailedMount|FailedAttach|UnboundClaim|ClaimMissing|ClaimPending|Volume|StorageClass/,
  scheduling: /FailedScheduling|Unschedulable|NodeAffinity|Taint|AntiAffinity|TopologySpread/,
  node: /^Node|TaintManager|NodeLost|Unreachable/,
  pressure: /Evicted|Pressure/,
  identity: /Forbidden|ServiceAccountMissing|Unauthorized|PodSecurity/,
  network: /NoEndpoints|NoReadyEndpoints|Unhealthy|ConnectionRefused|Timeout/,
  selector: /NoEndpoints|NoReadyEndpoints/,
  policy: /AdmissionWebhook|Disruption/,
  rollout: /ProgressDeadline|Stalled/,
  setting: /saturat|connection|block|timeout|wait/i,
  schema: /block|lock|wait|scan|rollbacks|dead_rows|conflicts|errors|slower|new_and_heavy/i,
  grant: /rollbacks|sessions_fatal|errors/,
  role: /rollbacks|limit_|password_|sessions_fatal|connections/,
  override: /rollbacks|sessions_fatal|temp_files|wait|block/,
  memory: /temp_files|slower/,
  planner: /slower|sequential_scans|temp_files/,
  wal: /checkpoint|replication_slots|archive/,
  standby: /standby|receiver_|replay|silent|archive/,
  vacuum: /dead_rows|waste|autovacuum|xid_age|wraparound/,
  sessions: /connections|idle|rollbacks|sessions_/,
};

/** Settings that act on one thing, by the beginning of their names. */
const ASPECT_OF_SETTING: readonly (readonly [RegExp, string])[] = [
  [/^(work_mem|hash_mem|temp_|logical_decoding_work_mem|maintenance_work_mem)/, 'memory'],
  [/^(max_wal|min_wal|wal_|checkpoint_|archive_|max_slot_wal|full_page_writes)/, 'wal'],
  [
    /^(primary_|restore_|recovery_|synchronous_standby|hot_standby|max_wal_senders|wal_(receiver|sender))/,
    'standby',
  ],
  [/^(autovacuum|vacuum_)/, 'vacuum'],
  [/^(enable_|random_page|seq_page|cpu_|effective_cache|jit|default_statistics|plan_cache|geqo)/, 'planner'],
  [
    /^(max_connections|reserved_|superuser_reserved|idle_|statement_timeout|transaction_timeout|lock_timeout|default_transaction)/,
    'sessions',
  ],
];

/** Kinds whose every change is about one thing. */
const ASPECT_OF_KIND: Readonly<Record<string, string>> = {
  ConfigMap: 'config',
  Secret: 'env',
  ResourceQuota: 'quota',
  LimitRange: 'quota',
  PersistentVolumeClaim: 'storage',
  PersistentVolume: 'storage',
  StorageClass: 'storage',
  NetworkPolicy: 'network',
  Service: 'selector',
  Ingress: 'network',
  HorizontalPodAutoscaler: 'scale',
  ServiceAccount: 'identity',
  RoleBinding: 'identity',
};

/** What a change is about: the aspects its connector names, its kind's, and its stream's. */
export function aspectsOf(change: Item): ReadonlySet<string> {
  const { body, entity, stream } = change;
  // Whatever is created has every aspect at once, which says nothing.
  const changes = text(body, 'op') === 'created' ? [] : objects(body, 'changes');
  const aspects = changes.map((each) => text(each, 'aspect'));
  const ofKind = ASPECT_OF_KIND[entityKind(entity)];
  if (ofKind !== undefined) aspects.push(ofKind);
  if (text(body, 'condition') === 'Ready') aspects.push('node');
  if (text(body, 'condition').endsWith('Pressure')) aspects.push('pressure');
  if (stream === 'setting_override_changes') aspects.push('override');
  if (stream.startsWith('setting')) aspects.push('setting', ...aspectOfName(text(body, 'name')));
  if (stream.startsWith('schema')) aspects.push('schema', ...aspectOfName(text(body, 'option')));
  if (stream === 'grant_changes') aspects.push('grant');
  if (stream === 'role_changes') aspects.push('role');
  return new Set(aspects);
}

function aspectOfName(name: string): readonly string[] {
  return ASPECT_OF_SETTING.filter(([pattern]) => pattern.test(name)).map(([, aspect]) => aspect);
}

/** The first aspect of the change, by name, that goes with the symptom; null when none does. */
export function fittingAspect(aspects: ReadonlySet<string>, symptom: string): string | null {
  return [...aspects].toSorted().find((aspect) => AFFINITIES[aspect]?.test(symptom)) ?? null;
}
