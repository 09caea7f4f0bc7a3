import type { ChangeRule } from './schema.ts';

/**
 * The fields of a pod template that tell why it behaves differently. Whatever a person may have typed a secret into
 * (environment values, commands, arguments, probe paths, mount paths) is compared by keyed digest only. A parent that
 * is digested as a whole catches changes of fields that have no row of their own.
 */
const CONTAINER: readonly ChangeRule[] = [
  { path: '', show: 'digest' },
  { path: '.image', show: 'value' },
  { path: '.imagePullPolicy', show: 'value' },
  { path: '.command', show: 'digest' },
  { path: '.args', show: 'digest' },
  { path: '.env[name]', show: 'digest' },
  { path: '.env[name].value', show: 'digest' },
  { path: '.env[name].valueFrom.configMapKeyRef.name', show: 'value' },
  { path: '.env[name].valueFrom.configMapKeyRef.key', show: 'value' },
  { path: '.env[name].valueFrom.secretKeyRef.name', show: 'value' },
  { path: '.env[name].valueFrom.secretKeyRef.key', show: 'value' },
  { path: '.envFrom', show: 'digest' },
  { path: '.envFrom[*].configMapRef.name', show: 'value' },
  { path: '.envFrom[*].secretRef.name', show: 'value' },
  { path: '.ports', show: 'digest' },
  { path: '.ports[*].containerPort', show: 'value' },
  { path: '.ports[*].name', show: 'value' },
  { path: '.resources', show: 'digest' },
  { path: '.resources.requests.*', show: 'value' },
  { path: '.resources.limits.*', show: 'value' },
  { path: '.volumeMounts', show: 'digest' },
  { path: '.lifecycle', show: 'digest' },
  { path: '.securityContext', show: 'digest' },
  { path: '.securityContext.runAsUser', show: 'value' },
  { path: '.securityContext.runAsNonRoot', show: 'value' },
  { path: '.securityContext.privileged', show: 'value' },
  { path: '.securityContext.readOnlyRootFilesystem', show: 'value' },
];

const PROBE: readonly ChangeRule[] = [
  { path: '', show: 'digest' },
  { path: '.httpGet.port', show: 'value' },
  { path: '.httpGet.scheme', show: 'value' },
  { path: '.httpGet.path', show: 'digest' },
  { path: '.tcpSocket.port', show: 'value' },
  { path: '.grpc.port', show: 'value' },
  { path: '.exec.command', show: 'digest' },
  { path: '.initialDelaySeconds', show: 'value' },
  { path: '.periodSeconds', show: 'value' },
  { path: '.timeoutSeconds', show: 'value' },
  { path: '.failureThreshold', show: 'value' },
  { path: '.successThreshold', show: 'value' },
];

const POD: readonly ChangeRule[] = [
  { path: 'metadata.labels.*', show: 'label' },
  { path: 'metadata.annotations.*', show: 'digest' },
  { path: 'spec.volumes[name]', show: 'digest' },
  { path: 'spec.volumes[name].configMap.name', show: 'value' },
  { path: 'spec.volumes[name].secret.secretName', show: 'value' },
  { path: 'spec.volumes[name].persistentVolumeClaim.claimName', show: 'value' },
  { path: 'spec.volumes[name].csi.driver', show: 'value' },
  { path: 'spec.volumes[name].emptyDir.sizeLimit', show: 'value' },
  { path: 'spec.nodeSelector.*', show: 'value' },
  { path: 'spec.nodeName', show: 'value' },
  { path: 'spec.affinity', show: 'digest' },
  { path: 'spec.tolerations', show: 'digest' },
  { path: 'spec.topologySpreadConstraints', show: 'digest' },
  { path: 'spec.schedulingGates', show: 'digest' },
  { path: 'spec.priorityClassName', show: 'value' },
  { path: 'spec.runtimeClassName', show: 'value' },
  { path: 'spec.schedulerName', show: 'value' },
  { path: 'spec.serviceAccountName', show: 'value' },
  { path: 'spec.automountServiceAccountToken', show: 'value' },
  { path: 'spec.imagePullSecrets[*].name', show: 'value' },
  { path: 'spec.restartPolicy', show: 'value' },
  { path: 'spec.terminationGracePeriodSeconds', show: 'value' },
  { path: 'spec.activeDeadlineSeconds', show: 'value' },
  { path: 'spec.hostNetwork', show: 'value' },
  { path: 'spec.dnsPolicy', show: 'value' },
  { path: 'spec.dnsConfig', show: 'digest' },
  { path: 'spec.hostAliases', show: 'digest' },
  { path: 'spec.securityContext', show: 'digest' },
  { path: 'spec.securityContext.runAsUser', show: 'value' },
  { path: 'spec.securityContext.runAsNonRoot', show: 'value' },
  { path: 'spec.securityContext.fsGroup', show: 'value' },
];

/** Rules for a pod template that sits at `prefix` (`spec.template`), or for a pod itself (empty prefix). */
export function podTemplateRules(prefix: string): readonly ChangeRule[] {
  const rules = [...POD];
  for (const containers of ['spec.containers[name]', 'spec.initContainers[name]']) {
    rules.push(...CONTAINER.map((rule) => ({ ...rule, path: `${containers}${rule.path}` })));
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
      rules.push(...PROBE.map((rule) => ({ ...rule, path: `${containers}.${probe}${rule.path}` })));
    }
  }
  return prefix === '' ? rules : rules.map((rule) => ({ ...rule, path: `${prefix}.${rule.path}` }));
}
