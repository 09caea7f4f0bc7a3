import { z } from 'zod';
import { duration, secretField } from '../sdk/index.ts';

/** How to reach one cluster: exactly one of `kubeconfig`, `kubeconfigFile`, `server`, `inCluster`. */
export const kubernetesConfig = z
  .strictObject({
    kubeconfig: secretField('Text of a kubeconfig, as a secret reference.').optional(),
    kubeconfigFile: z
      .string()
      .min(1)
      .optional()
      .describe('Path of a kubeconfig; paths in it are relative to it.'),
    context: z.string().min(1).optional().describe('Context of the kubeconfig; its current one when absent.'),
    inCluster: z
      .literal(true)
      .optional()
      .describe('Use the service account of the pod that the agent runs in.'),
    server: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('URL of the API server, with `token` and `caFile`.'),
    token: secretField('Bearer token for `server`.').optional(),
    caFile: z
      .string()
      .min(1)
      .optional()
      .describe('PEM file of the authority that signed the certificate of `server`.'),
    namespaces: z
      .array(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a namespace name'))
      .min(1)
      .optional()
      .describe('Read namespaced kinds in these namespaces only (Roles instead of a ClusterRole suffice).'),
    lookback: duration
      .prefault('1h')
      .describe('At the first read of a kind, changes made up to this long ago are recovered from history.'),
    pageSize: z.int().min(1).max(5000).default(500).describe('Objects per page of a list.'),
    watchTimeout: duration.prefault('4m').describe('How long one watch request lasts before it is renewed.'),
  })
  .superRefine((config, context) => {
    const ways = [config.kubeconfig, config.kubeconfigFile, config.server, config.inCluster];
    if (ways.filter((way) => way !== undefined).length === 1) return;
    context.addIssue({
      code: 'custom',
      path: [],
      message: 'name exactly one of kubeconfig, kubeconfigFile, server, inCluster',
    });
  })
  .superRefine((config, context) => {
    if (config.server === undefined || !config.server.startsWith('http:') || isLoopback(config.server))
      return;
    context.addIssue({ code: 'custom', path: ['server'], message: 'must be https, except on loopback' });
  });
export type KubernetesConfig = z.infer<typeof kubernetesConfig>;

export function isLoopback(server: string): boolean {
  return /^http:\/\/(127\.\d+\.\d+\.\d+|\[::1\]|localhost)(:|\/|$)/.test(server);
}
