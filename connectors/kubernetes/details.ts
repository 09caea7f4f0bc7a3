import { text } from './kube-object.ts';
import type { DetailRule } from './schema.ts';

/**
 * What a scheduler, quota or kubelet message says, as one word of ours. Messages quote values, so nothing of their
 * text is repeated: a known substring chooses a word, and an unknown message has none.
 */
const DETAILS: readonly DetailRule[] = [
  { contains: 'exceeded quota', detail: 'ExceededQuota' },
  { contains: 'maximum memory usage', detail: 'LimitRangeViolation' },
  { contains: 'maximum cpu usage', detail: 'LimitRangeViolation' },
  { contains: 'minimum memory usage', detail: 'LimitRangeViolation' },
  { contains: 'minimum cpu usage', detail: 'LimitRangeViolation' },
  { contains: 'violates PodSecurity', detail: 'PodSecurityViolation' },
  { contains: 'admission webhook', detail: 'AdmissionWebhook' },
  { contains: 'failed calling webhook', detail: 'AdmissionWebhook' },
  { contains: 'no PriorityClass', detail: 'PriorityClassMissing' },
  { contains: 'error looking up service account', detail: 'ServiceAccountMissing' },
  { contains: 'insufficient cpu', detail: 'InsufficientCpu' },
  { contains: 'insufficient memory', detail: 'InsufficientMemory' },
  { contains: 'insufficient ephemeral-storage', detail: 'InsufficientStorage' },
  { contains: 'insufficient ', detail: 'InsufficientResource' },
  { contains: 'too many pods', detail: 'TooManyPods' },
  { contains: 'unbound immediate persistentvolumeclaims', detail: 'UnboundClaim' },
  { contains: 'persistentvolumeclaim', detail: 'ClaimMissing' },
  { contains: 'volume node affinity conflict', detail: 'VolumeNodeAffinity' },
  { contains: 'untolerated taint', detail: 'UntoleratedTaint' },
  { contains: 'were unschedulable', detail: 'NodeUnschedulable' },
  { contains: 'node affinity/selector', detail: 'NodeAffinity' },
  { contains: 'topology spread', detail: 'TopologySpread' },
  { contains: 'anti-affinity', detail: 'AntiAffinity' },
  { contains: 'readiness probe', detail: 'ReadinessProbe' },
  { contains: 'liveness probe', detail: 'LivenessProbe' },
  { contains: 'startup probe', detail: 'StartupProbe' },
  { contains: 'pulling image', detail: 'PullingImage' },
  { contains: 'pull image', detail: 'ImagePull' },
  { contains: 'restarting failed container', detail: 'RestartingContainer' },
  { contains: 'scaled down', detail: 'ScaledDown' },
  { contains: 'scaled up', detail: 'ScaledUp' },
  { contains: 'configmap', detail: 'ConfigMapMissing' },
  { contains: "couldn't find key", detail: 'KeyMissing' },
  { contains: 'secret', detail: 'SecretMissing' },
  { contains: 'storageclass', detail: 'StorageClassMissing' },
  { contains: 'unable to fetch metrics', detail: 'MetricsUnavailable' },
  { contains: 'unable to get metrics', detail: 'MetricsUnavailable' },
  { contains: 'no metrics returned', detail: 'MetricsUnavailable' },
  { contains: 'timeout', detail: 'Timeout' },
  { contains: 'timed out', detail: 'Timeout' },
  { contains: 'connection refused', detail: 'ConnectionRefused' },
  { contains: 'unauthorized', detail: 'Unauthorized' },
  { contains: 'no such file', detail: 'FileMissing' },
  { contains: 'executable file not found', detail: 'ExecutableMissing' },
];

/** The first word that fits, of the query's own rows and then of the common ones; null when none does. */
export function detailOf(message: unknown, rules: readonly DetailRule[] = []): string | null {
  const lower = text(message)?.toLowerCase();
  if (lower === undefined) return null;
  return [...rules, ...DETAILS].find((rule) => lower.includes(rule.contains.toLowerCase()))?.detail ?? null;
}
