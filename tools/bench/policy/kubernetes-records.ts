import { eventMessage, logLine } from './free-text.ts';
import { DIGITS, type Random } from './random.ts';
import type { RecordKind } from './record-kind.ts';
import { image, NAMESPACES, node, pod, SERVICES, time, version } from './values.ts';

export const KUBERNETES_RECORDS: readonly RecordKind[] = [
  {
    connector: 'kubernetes',
    stream: 'object_changes',
    share: 9,
    texts: [],
    names: ['version', 'app'],
    make(random) {
      const [namespace, name] = [random.pick(NAMESPACES), random.pick(SERVICES)];
      const changes = Array.from({ length: random.between(1, 5) }, () => change(random, name));
      return {
        class: 'change',
        entity: `kubernetes://prod/${namespace}/Deployment/${name}`,
        related: [`kubernetes://prod/${namespace}/ConfigMap/${name}-config`],
        key: `generation/${random.int(900)}`,
        occurredAt: time(random),
        scope: { namespace },
        body: {
          kind: 'Deployment',
          namespace,
          name,
          app: name,
          partOf: 'storefront',
          version: version(random),
          op: 'updated',
          source: 'watch',
          generation: random.int(900),
          previousGeneration: random.int(900),
          manager: random.pick(['kubectl-edit', 'argocd-controller', 'helm']),
          operation: 'Update',
          changeCount: changes.length,
          changes,
        },
      };
    },
  },
  {
    connector: 'kubernetes',
    stream: 'symptoms',
    share: 16,
    texts: ['message'],
    names: ['version', 'container'],
    make(random) {
      const [namespace, name, app] = [random.pick(NAMESPACES), pod(random), random.pick(SERVICES)];
      const reason = random.pick([
        'BackOff',
        'Unhealthy',
        'FailedScheduling',
        'OOMKilled',
        'ImagePullBackOff',
      ]);
      return {
        class: 'symptom',
        entity: `kubernetes://prod/${namespace}/Pod/${name}`,
        related: [
          `kubernetes://prod/${namespace}/Deployment/${app}`,
          `kubernetes://prod/Node/${node(random)}`,
        ],
        key: `event/${reason}/${random.int(90)}`,
        occurredAt: time(random),
        scope: { namespace },
        body: {
          kind: 'Pod',
          namespace,
          name,
          app,
          version: version(random),
          reason,
          source: 'event',
          container: app,
          restarts: random.int(40),
          exitCode: random.pick([0, 1, 137, 143]),
          count: random.between(1, 90),
          firstSeen: time(random),
          lastSeen: time(random),
          component: 'kubelet',
          node: node(random),
          message: eventMessage(random),
        },
      };
    },
  },
  {
    connector: 'kubernetes',
    stream: 'inventory',
    share: 5,
    texts: [],
    names: ['version', 'app'],
    make(random) {
      const [namespace, name] = [random.pick(NAMESPACES), random.pick(SERVICES)];
      const images = [name, 'envoy'].map((container) => ({ container, image: image(random) }));
      return {
        class: 'state',
        entity: `kubernetes://prod/${namespace}/Deployment/${name}`,
        related: [],
        key: 'inventory',
        occurredAt: time(random),
        scope: { namespace },
        body: {
          kind: 'Deployment',
          namespace,
          name,
          app: name,
          version: version(random),
          generation: random.int(900),
          observedGeneration: random.int(900),
          desired: random.int(30),
          ready: random.int(30),
          updated: random.int(30),
          available: random.int(30),
          revision: String(random.int(900)),
          paused: false,
          images,
          quotas: [
            { resource: 'requests.cpu', hard: `${random.between(1, 90)}`, used: `${random.int(9_000)}m` },
          ],
        },
      };
    },
  },
  {
    connector: 'kubernetes',
    stream: 'container_logs',
    share: 26,
    texts: ['lines[]'],
    adjacent: ['lines[]', 'lines[]'],
    names: ['container'],
    make(random) {
      const [namespace, name] = [random.pick(NAMESPACES), pod(random)];
      return {
        class: 'symptom',
        entity: `kubernetes://prod/${namespace}/Pod/${name}`,
        related: [],
        key: `log/${random.text(DIGITS, 12)}`,
        occurredAt: time(random),
        scope: { namespace },
        body: {
          namespace,
          pod: name,
          container: random.pick(SERVICES),
          node: node(random),
          lines: Array.from({ length: random.between(2, 8) }, () => logLine(random)),
        },
      };
    },
  },
];

function change(random: Random, container: string): Record<string, unknown> {
  const path = `spec.template.spec.containers[name=${container}]`;
  return random.chance(0.5)
    ? { path: `${path}.image`, aspect: 'image', certainty: 'exact', from: image(random), to: image(random) }
    : {
        path: `${path}.resources.limits.memory`,
        aspect: 'resources',
        certainty: 'exact',
        from: `${random.between(64, 900)}Mi`,
        to: `${random.between(64, 900)}Mi`,
      };
}
