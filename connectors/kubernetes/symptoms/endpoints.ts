import { get, type KubeObject, list, technicalName } from '../kube-object.ts';
import { lastWriteTime } from '../managed-fields.ts';
import type { Symptom } from './symptom.ts';

/** A slice without one ready endpoint: the Service it belongs to answers nobody. Addresses are not looked at. */
export function* endpointSymptoms(object: KubeObject): Generator<Symptom> {
  const service = technicalName(object.labels['kubernetes.io/service-name']);
  if (service === null) return;
  const endpoints = list(object.raw['endpoints']);
  if (endpoints.some((endpoint) => get(endpoint, 'conditions', 'ready') !== false)) return;
  yield {
    key: 'endpoints',
    reason: endpoints.length === 0 ? 'NoEndpoints' : 'NoReadyEndpoints',
    at: lastWriteTime(object),
    source: 'status',
    count: endpoints.length,
    about: { kind: 'Service', namespace: object.namespace, name: service },
  };
}
