import { get, type KubeObject, record, technicalName } from '../kube-object.ts';
import { statusWriteTime } from '../managed-fields.ts';
import { quantity } from '../quantity.ts';
import type { Symptom } from './symptom.ts';

/** Resources of a ResourceQuota of which nothing is left: the next object that needs one is refused. */
export function* quotaSymptoms(object: KubeObject): Generator<Symptom> {
  const used = record(get(object.raw, 'status', 'used'));
  for (const [resource, limit] of Object.entries(record(get(object.raw, 'status', 'hard')))) {
    const hard = quantity(limit);
    const now = quantity(used[resource]);
    const name = technicalName(resource);
    if (hard === null || now === null || name === null || now < hard) continue;
    const at = statusWriteTime(object);
    yield { key: `quota/${name}`, reason: 'QuotaExhausted', at, source: 'status', resource: name };
  }
}
