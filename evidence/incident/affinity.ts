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
  schema: /block|lock|wait|scan/i,
};

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
  if (stream.startsWith('setting')) aspects.push('setting');
  if (stream.startsWith('schema')) aspects.push('schema');
  return new Set(aspects);
}

/** The first aspect of the change, by name, that goes with the symptom; null when none does. */
export function fittingAspect(aspects: ReadonlySet<string>, symptom: string): string | null {
  return [...aspects].toSorted().find((aspect) => AFFINITIES[aspect]?.test(symptom)) ?? null;
}
