import type { KubeObject } from '../kube-object.ts';
import type { ResourceQuery } from '../schema.ts';
import { containerSymptoms } from './containers.ts';
import { endpointSymptoms } from './endpoints.ts';
import { eventSymptoms } from './events.ts';
import { quotaSymptoms } from './quota.ts';
import { ruleSymptoms } from './rules.ts';
import type { Moment, Symptom } from './symptom.ts';

export { restartCounts } from './containers.ts';
export type { Moment, Symptom } from './symptom.ts';

/** Everything that hurts in this object right now. */
export function symptomsOf(
  query: ResourceQuery,
  object: KubeObject,
  moment: Moment,
  restarts: Readonly<Record<string, number>> | null,
): readonly Symptom[] {
  const symptoms = [...ruleSymptoms(query, object, moment)];
  switch (query.special) {
    case 'containers':
      symptoms.push(...containerSymptoms(object, moment.now, moment.threshold, restarts));
      break;
    case 'events':
      symptoms.push(...eventSymptoms(query, object, moment.threshold));
      break;
    case 'quota':
      symptoms.push(...quotaSymptoms(object));
      break;
    case 'endpoints':
      symptoms.push(...endpointSymptoms(object));
      break;
    case undefined:
      break;
  }
  return symptoms;
}
